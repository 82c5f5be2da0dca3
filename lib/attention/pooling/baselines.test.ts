import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { assertNear } from "../goldens/golden.fixture";
import { MaxPooling } from "./max-pooling";
import { MeanPooling } from "./mean-pooling";
import type { PoolingLayer } from "./pooling-layer";
import { WeightedPooling } from "./weighted-pooling";

before(() => startTensorFlow());

/** One picture of 1 to 6 positions and two channels, with a mask; few different values, so that ties occur. */
const pictures = fc
  .array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), fc.boolean()), {
    minLength: 1,
    maxLength: 6,
  })
  .map((rows) => ({ values: rows.map(([a, b]) => [a, b]), mask: rows.map((row) => row[2]) }));

interface Expected {
  context: number[];
  weights: number[];
  /** What each position adds to the context's sum when it grows by one: the gradient, of both channels. */
  gradient: number[][];
}

function compare(layer: PoolingLayer, values: number[][], mask: boolean[], expected: Expected): void {
  tf.tidy(() => {
    const tokens = tf.tensor3d([values]);
    const options = { mask: tf.tensor2d([mask.map(Number)]) };
    const [context, weights] = layer.apply(tokens, options);
    assertNear(context, { shape: [1, 2], data: expected.context }, "context");
    assertNear(weights, { shape: [1, 1, values.length], data: expected.weights }, "weights");
    const gradient = tf.grad((x) => layer.apply(x, options)[0].sum())(tokens);
    assertNear(gradient, { shape: [1, values.length, 2], data: expected.gradient.flat() }, "gradient");
  });
}

test("mean pooling equals the formula, forward and gradient, for any mask", () => {
  const layer = new MeanPooling();
  return fc.assert(
    fc.property(pictures, ({ values, mask }) => {
      const count = mask.filter(Boolean).length;
      const weights = mask.map((kept) => (kept ? 1 / count : 0));
      const context = [0, 1].map((c) => values.reduce((sum, row, i) => sum + row[c]! * weights[i]!, 0));
      compare(layer, values, mask, { context, weights, gradient: weights.map((w) => [w, w]) });
    }),
    { numRuns: 200, seed: 2015 },
  );
});

test("max pooling equals the formula, forward and gradient, and ties share", () => {
  const layer = new MaxPooling();
  return fc.assert(
    fc.property(pictures, ({ values, mask }) => {
      const kept = values.filter((_, i) => mask[i]);
      const context = [0, 1].map((c) => (kept.length ? Math.max(...kept.map((row) => row[c]!)) : 0));
      const gradient = values.map((row, i) =>
        [0, 1].map((c) => {
          const ties = kept.filter((other) => other[c] === context[c]).length;
          return mask[i] && row[c] === context[c] ? 1 / ties : 0;
        }),
      );
      const weights = gradient.map(([a, b]) => (a! + b!) / 2);
      compare(layer, values, mask, { context, weights, gradient });
    }),
    { numRuns: 200, seed: 2015 },
  );
});

test("without a mask every position counts", () => {
  tf.tidy(() => {
    const tokens = tf.tensor3d([1, 8, 3, 4], [1, 2, 2]);
    const [mean, uniform] = new MeanPooling().apply(tokens);
    assertNear(mean, { shape: [1, 2], data: [2, 6] }, "mean");
    assertNear(uniform, { shape: [1, 1, 2], data: [0.5, 0.5] }, "uniform weights");
    const [max, shares] = new MaxPooling().apply(tokens);
    assertNear(max, { shape: [1, 2], data: [3, 8] }, "max");
    assertNear(shares, { shape: [1, 1, 2], data: [0.5, 0.5] }, "shares");
  });
});

test("a channel that is zero everywhere points nowhere", () => {
  tf.tidy(() => {
    const [, shares] = new MaxPooling().apply(tf.zeros([1, 4, 3]));
    assertNear(shares, { shape: [1, 1, 4], data: [0.25, 0.25, 0.25, 0.25] }, "shares");
  });
});

test("given amounts become weights that sum to one; nothing given gives nothing", () => {
  tf.tidy(() => {
    const tokens = tf.tensor3d([1, 2, 3, 4, 1, 2, 3, 4], [2, 2, 2]);
    const [context, weights] = new WeightedPooling().apply([tokens, tf.tensor2d([3, 1, 0, 0], [2, 2])]);
    assertNear(weights, { shape: [2, 1, 2], data: [0.75, 0.25, 0, 0] }, "weights");
    assertNear(context, { shape: [2, 2], data: [1.5, 2.5, 0, 0] }, "context");
  });
});

test("uniform amounts give mean pooling, with its gradients to the tokens; amounts have a gradient too", () => {
  tf.tidy(() => {
    const tokens = tf.randomNormal<tf.Rank.R3>([2, 5, 3], 0, 1, "float32", 1);
    const amounts = tf.fill<tf.Rank.R2>([2, 5], 0.3);
    const pooled = (x: tf.Tensor3D, a: tf.Tensor2D) => new WeightedPooling().apply([x, a])[0];
    const [mean] = new MeanPooling().apply(tokens);
    assertNear(pooled(tokens, amounts), mean, "context");
    const loss = (x: tf.Tensor, a: tf.Tensor) =>
      pooled(x as tf.Tensor3D, a as tf.Tensor2D)
        .sum()
        .asScalar();
    const [toTokens, toAmounts] = tf.grads(loss)([tokens, amounts]) as [tf.Tensor, tf.Tensor];
    assertNear(toTokens, { shape: [2, 5, 3], data: Array(30).fill(0.2) }, "gradient of tokens");
    // ∂c/∂a_i = (x_i − c) / Σ a, summed over channels
    const expected = tokens.sub(mean.expandDims(1)).sum(2).div(1.5);
    assertNear(toAmounts, expected, "gradient of amounts");
  });
});

test("no tensor is left behind", async () => {
  const tokens = tf.randomNormal<tf.Rank.R3>([2, 5, 3], 0, 1, "float32", 2);
  const mask = tf.ones<tf.Rank.R2>([2, 5]);
  for (const layer of [new MeanPooling(), new MaxPooling()]) {
    await assertNoTensorLeak(() => tf.dispose(layer.apply(tokens)));
    await assertNoTensorLeak(() => layer.apply(tokens, { mask }));
    await assertNoTensorLeak(() => tf.grad((x) => layer.apply(x, { mask })[0].sum())(tokens));
  }
  await assertNoTensorLeak(() => new WeightedPooling().apply([tokens, mask], { mask }));
});

test("a batch may be empty", () => {
  tf.tidy(() => {
    for (const layer of [new MeanPooling(), new MaxPooling()]) {
      const shapes = layer.apply(tf.ones([0, 3, 4])).map(({ shape }) => shape);
      assert.deepEqual(shapes, [
        [0, 4],
        [0, 1, 3],
      ]);
    }
  });
});
