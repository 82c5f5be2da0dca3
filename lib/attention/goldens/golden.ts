import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { projectFolder } from "../../runtime/files";

/** A tensor as the Python scripts beside this file write it. */
export interface StoredTensor {
  shape: number[];
  data: number[];
}

/** Reads a file of golden values from this folder of the checkout. */
export function readGoldens<T>(file: string): T {
  const full = path.join(projectFolder(), "lib", "attention", "goldens", file);
  return JSON.parse(fs.readFileSync(full, "utf8")) as T;
}

export function goldenTensor<R extends tf.Rank>({ data, shape }: StoredTensor): tf.Tensor<R> {
  return tf.tensor(data, shape as tf.ShapeMap[R], "float32");
}

/** Fails where a number differs by more than the tolerance, relative to the larger of 1 and its size. */
export function assertNear(actual: tf.Tensor, expected: StoredTensor, what: string, tolerance = 1e-5): void {
  assert.deepEqual(actual.shape, expected.shape, `shape of ${what}`);
  for (const [i, value] of actual.dataSync().entries()) {
    const wanted = expected.data[i]!;
    const difference = Math.abs(value - wanted) / Math.max(1, Math.abs(wanted));
    assert.ok(difference <= tolerance, `${what}[${i}] is ${value}, not ${wanted}`);
  }
}
