import * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../../../backbones/backbone";
import { comparedTrainings, trainingStep } from "./training";

/** What lies in memory after some steps of training. */
export interface MemoryReading {
  steps: number;
  tensors: number;
  /** Bytes of all buffers on the device, those that lie ready included; nothing where the backend does not tell. */
  deviceBytes?: number;
  /** Bytes of the whole process. */
  processBytes: number;
}

const STEPS = 100;
const EVERY = 20;

/** Trains the last stage and reads memory now and then, the first time when programs are compiled and buffers are made. */
export function readMemory(backbone: Backbone): MemoryReading[] {
  const training = comparedTrainings.find(({ from }) => from)!;
  const step = trainingStep(backbone, training);
  const readings: MemoryReading[] = [];
  for (let steps = 1; steps <= STEPS; steps++) {
    const loss = step.take();
    loss.dataSync();
    loss.dispose();
    if (steps % EVERY !== 0) continue;
    const { numTensors, numBytesAllocatedInGPU } = tf.memory() as tf.MemoryInfo & {
      numBytesAllocatedInGPU?: number;
    };
    readings.push({
      steps,
      tensors: numTensors,
      ...(numBytesAllocatedInGPU !== undefined && { deviceBytes: numBytesAllocatedInGPU }),
      processBytes: process.memoryUsage.rss(),
    });
  }
  step.dispose();
  return readings;
}
