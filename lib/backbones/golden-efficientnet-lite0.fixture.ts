import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { dataFolder } from "../node/files";
import { readPhotograph } from "../node/photograph";
import { sha256 } from "../runtime/sha256";

/** PyTorch's values of one tensor: its mean, its largest magnitude, and samples spread over it. */
export interface GoldenTensor {
  mean: number;
  largest: number;
  samples: number[];
}

/** What `data/golden/efficientnet-lite0.py` writes. */
interface Golden {
  weights: string;
  photographs: {
    file: string;
    pixels: string;
    logits: number[];
    activations: Record<string, GoldenTensor>;
  }[];
  gradients: {
    from: string;
    to: string;
    files: string[];
    loss: number;
    variables: Record<string, GoldenTensor>;
  };
}

/** PyTorch's logits, activations and gradients for the photographs of `data/photographs`. */
export function readGolden(): Golden {
  const file = path.join(dataFolder(), "golden", "efficientnet-lite0.json");
  return JSON.parse(fs.readFileSync(file, "utf8")) as Golden;
}

/** Reads photographs as one batch of pixels, after a check that they are the pixels that PyTorch saw. */
export async function readPixels(photographs: Golden["photographs"]): Promise<tf.Tensor4D> {
  const images = await Promise.all(
    photographs.map(({ file }) => readPhotograph(path.join(dataFolder(), "photographs", file))),
  );
  for (const [i, photograph] of photographs.entries())
    assert.equal(sha256((images[i] as { data: Uint8Array }).data), photograph.pixels, photograph.file);
  const values = Float32Array.from(images.flatMap(({ data }) => Array.from(data)));
  return tf.tensor4d(values, [images.length, 224, 224, 3]);
}

/**
 * Fails unless a tensor agrees with PyTorch's within `tolerance`, relative to its largest magnitude.
 * @param values row-major, in TensorFlow's order of axes.
 */
export function assertAgrees(
  values: ArrayLike<number>,
  golden: GoldenTensor,
  tolerance: number,
  what: string,
): void {
  const list = Array.from(values);
  const limit = tolerance * golden.largest;
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  assert.ok(Math.abs(mean - golden.mean) <= limit, `${what}: mean ${mean}, PyTorch ${golden.mean}`);
  for (const [i, expected] of golden.samples.entries()) {
    const index = (i * 7919) % list.length;
    const difference = Math.abs((list[index] as number) - expected);
    assert.ok(difference <= limit, `${what}, element ${index}: ${list[index]}, PyTorch ${expected}`);
  }
}

/** The largest difference between two rows, relative to the largest magnitude of `expected`. */
export function relativeDifference(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  assert.equal(values.length, expected.length);
  const largest = (numbers: number[]) => numbers.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const reference = Array.from(expected);
  return largest(reference.map((value, i) => value - (values[i] as number))) / largest(reference);
}
