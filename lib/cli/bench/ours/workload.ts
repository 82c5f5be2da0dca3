import * as fs from "node:fs";
import * as path from "node:path";
import type * as tf from "@tensorflow/tfjs";
import type { StepOutput } from "../../../graph/step";
import { encodeSafetensors } from "../../../weights/safetensors";
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

/** Writes the tensors that the peers read. */
export function writeInputs({ folder }: Job, tensors: Record<string, tf.Tensor>): void {
  const stored = Object.entries(tensors).map(([name, tensor]) => [
    name,
    { shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) },
  ]);
  fs.writeFileSync(path.join(folder, "inputs.safetensors"), encodeSafetensors(Object.fromEntries(stored)));
}

const MOST = 4096;

/** Values spread evenly over an array of any size; the peers take the same. */
export function sample(values: ArrayLike<number>): number[] {
  const stride = Math.ceil(values.length / MOST);
  return Array.from({ length: Math.ceil(values.length / stride) }, (_, i) => values[i * stride]!);
}
