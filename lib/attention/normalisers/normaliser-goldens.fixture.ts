import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import {
  assertNear,
  goldenTensor,
  readGoldens,
  type StoredTensor,
  spoilMasked,
} from "../goldens/golden.fixture";
import { type Normaliser, normalise } from "./normaliser";

interface GoldenCase {
  name: string;
  normaliser: Normaliser;
  scores: StoredTensor;
  mask: number[][] | null;
  upstream: StoredTensor;
  weights: StoredTensor;
  gradient: StoredTensor;
}

/** Declares one test for each case of `normalisers.json`, on the backend that is running then. */
export function testNormaliserGoldens(): void {
  for (const golden of readGoldens<{ cases: GoldenCase[] }>("normalisers.json").cases) {
    test(`agrees with PyTorch, forward and gradient: ${golden.name}`, () => {
      tf.tidy(() => {
        const [given, upstream] = [golden.scores, golden.upstream].map(goldenTensor);
        const mask = golden.mask ? tf.tensor2d(golden.mask) : undefined;
        // PyTorch saw numbers at masked positions; whatever stands there, the outcome is the same.
        const scores = mask ? spoilMasked(given!.transpose([0, 2, 1]), mask).transpose([0, 2, 1]) : given!;
        const weigh = (e: tf.Tensor) => normalise(e as tf.Tensor3D, golden.normaliser, mask);
        assertNear(weigh(scores), golden.weights, "weights");
        const gradient = tf.grad((e) => weigh(e).mul(upstream!).sum())(scores);
        assertNear(gradient, golden.gradient, "gradient");
      });
    });
  }
}
