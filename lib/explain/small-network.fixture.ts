import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { PixelImage } from "../images/pixel-image";
import { projectFolder } from "../node/files";
import { makeNetwork, type Network } from "./network";

interface StoredTensor {
  shape: number[];
  data: number[];
}

/** What `goldens/write_small_network.py` writes. */
export interface SmallGolden {
  target: number;
  settings: { steps: number; baseline: number; window: number; stride: number };
  weights: Record<"firstKernel" | "secondKernel" | "queries" | "classifier", StoredTensor>;
  image: number[];
  noise: StoredTensor;
  masks: StoredTensor;
  logits: StoredTensor;
  attention: StoredTensor;
  gradCam: StoredTensor;
  gradCamPlusPlus: StoredTensor;
  integratedGradients: StoredTensor;
  completeness: number;
  noisyGradient: StoredTensor;
  occlusion: StoredTensor;
  rise: StoredTensor;
  resizing: Record<"small" | "enlarged" | "pooled", StoredTensor>;
}

export function readExplainGolden<T>(file: string): T {
  return JSON.parse(
    fs.readFileSync(path.join(projectFolder(), "lib", "explain", "goldens", file), "utf8"),
  ) as T;
}

export const smallGolden = readExplainGolden<SmallGolden>("small-network.json");

const SIDE = 16;

export const smallImage: PixelImage = {
  width: SIDE,
  height: SIDE,
  channels: 3,
  data: Uint8Array.from(smallGolden.image),
};

/** The network of the golden values: two convolutions, two heads of softmax attention and a linear classifier. */
export function smallNetwork(): Network & { disposeWeights(): void } {
  const weights = Object.fromEntries(
    Object.entries(smallGolden.weights).map(([name, { data, shape }]) => [name, tf.tensor(data, shape)]),
  ) as Record<keyof SmallGolden["weights"], tf.Tensor>;
  const network = makeNetwork({
    inputSize: SIDE,
    classes: 5,
    rows: 8,
    columns: 8,
    features: (pixels) =>
      tf.tidy(() => {
        const x = pixels.sub(127).div(64) as tf.Tensor4D;
        const first = tf.tanh(tf.conv2d(x, weights.firstKernel as tf.Tensor4D, 1, "same"));
        const halved = tf.avgPool(first, 2, 2, "valid");
        return tf.softplus(tf.conv2d(halved, weights.secondKernel as tf.Tensor4D, 1, "same"));
      }),
    decide: (features) =>
      tf.tidy(() => {
        const [batch, rows, columns, channels] = features.shape;
        const tokens = features.reshape<tf.Tensor3D>([batch, rows * columns, channels]);
        const queries = weights.queries as tf.Tensor2D;
        const scores = tokens.reshape<tf.Tensor2D>([batch * rows * columns, channels]).matMul(queries);
        const byHead = scores
          .reshape<tf.Tensor3D>([batch, rows * columns, 2])
          .transpose<tf.Tensor3D>([0, 2, 1]);
        const attention = tf.softmax(byHead);
        const context = tf.matMul(attention, tokens).reshape<tf.Tensor2D>([batch, 2 * channels]);
        const logits = context.matMul(weights.classifier as tf.Tensor2D) as tf.Tensor2D;
        return { context, logits, weights: attention };
      }),
  });
  return { ...network, disposeWeights: () => tf.dispose(weights) };
}

/** Fails where a number differs by more than the tolerance, relative to the largest magnitude of what is expected. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance = 2e-5,
): void {
  assert.equal(actual.length, expected.length, `numbers in ${what}`);
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  assert.ok(largest > 0, `${what} is not empty`);
  for (const [i, value] of Array.from(expected).entries())
    assert.ok(
      Math.abs(actual[i]! - value) <= tolerance * largest,
      `${what}[${i}] is ${actual[i]}, not ${value}; the largest is ${largest}`,
    );
}
