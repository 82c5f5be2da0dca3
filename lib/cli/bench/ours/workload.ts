import * as tf from "@tensorflow/tfjs";
import type { StepOutput } from "../../../graph/step";
import { readSafetensors } from "../../../node/safetensors-file";
import { floatNumbers } from "../../../weights/stored-tensor";
import { inputsFile } from "../inputs";
import type { Job } from "../job";

/** What this library's side of a case can be asked. */
export interface Workload {
  /** Numbers that a peer must get as well. */
  check(): Promise<number[]>;
  /** What is timed. */
  run(): unknown;
  /** The step that runs as a graph, for a look at its operations. */
  step?: { eager: (inputs: Record<string, tf.Tensor>) => StepOutput; inputs: Record<string, tf.Tensor> };
}

/** The tensors that all sides read. */
export function readInputs(job: Job): Record<string, tf.Tensor> {
  const stored = Object.entries(readSafetensors(inputsFile(job)));
  return Object.fromEntries(
    stored.map(([name, tensor]) => [name, tf.tensor(floatNumbers(tensor) as Float32Array, tensor.shape)]),
  );
}

const MOST = 4096;

/** Values spread evenly over an array of any size; the peers take the same. */
export function sample(values: ArrayLike<number>): number[] {
  const stride = Math.ceil(values.length / MOST);
  return Array.from({ length: Math.ceil(values.length / stride) }, (_, i) => values[i * stride]!);
}
