import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { projectFolder } from "../../node/files";

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

/** The tensor with NaN at the positions that a mask takes out; the mask's axes are the first of the tensor. */
export function spoilMasked<T extends tf.Tensor>(values: T, mask: tf.Tensor): T {
  return tf.tidy(() => {
    const kept = mask.toBool().reshape([...mask.shape, ...Array<number>(values.rank - mask.rank).fill(1)]);
    return tf.where(kept, values, Number.NaN);
  });
}

/**
 * Fails where a number differs by more than the tolerance, relative to the larger of 1 and its size.
 * @param expected stored values, or another way to the same tensor
 */
export function assertNear(
  actual: tf.Tensor,
  expected: StoredTensor | tf.Tensor,
  what: string,
  tolerance = 1e-5,
): void {
  assert.deepEqual(actual.shape, expected.shape, `shape of ${what}`);
  const wanted = expected instanceof tf.Tensor ? expected.dataSync() : expected.data;
  for (const [i, value] of actual.dataSync().entries()) {
    const difference = Math.abs(value - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!));
    assert.ok(difference <= tolerance, `${what}[${i}] is ${value}, not ${wanted[i]}`);
  }
}
