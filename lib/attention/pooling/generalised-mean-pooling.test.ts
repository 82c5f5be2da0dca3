import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { assertRefused } from "../assert-refused.fixture";
import { assertNear } from "../goldens/golden.fixture";
import { GeneralisedMeanPooling, generalisedMean, generalisedMeanShares } from "./generalised-mean-pooling";

before(() => startTensorFlow());

const withExponent = (p: number) => ({ exponent: tf.tensor1d([p]) });

test("mean and shares equal the formula worked out by hand; a new layer's p is 3", () => {
  tf.tidy(() => {
    // Two channels; the negative number counts as next to nothing.
    const tokens = tf.tensor3d([1, 2, 2, 2, 3, -7], [1, 3, 2]);
    const expected = [Math.cbrt((1 + 8 + 27) / 3), Math.cbrt(16 / 3)];
    const shares = [(1 / 36 + 0.5) / 2, (8 / 36 + 0.5) / 2, 27 / 36 / 2];
    const [context, weights] = new GeneralisedMeanPooling().apply(tokens);
    assertNear(context, { shape: [1, 2], data: expected }, "context");
    assertNear(weights, { shape: [1, 1, 3], data: shares }, "shares");
  });
});

test("p = 1 gives the mean, and a large p the maximum", () => {
  tf.tidy(() => {
    const tokens = tf.randomUniform<tf.Rank.R3>([2, 9, 4], 0.1, 5, "float32", 1);
    const mean = [...tokens.mean(1).dataSync()];
    assertNear(generalisedMean(tokens, withExponent(1)), { shape: [2, 1, 4], data: mean }, "mean");
    const max = [...tokens.max(1).dataSync()];
    assertNear(generalisedMean(tokens, withExponent(1e6)), { shape: [2, 1, 4], data: max }, "maximum");
  });
});

test("neither large numbers, nor large exponents, nor a channel of zeros break value or gradient", () => {
  tf.tidy(() => {
    const largest = [1e30, 3, 0];
    const tokens = tf.tensor3d([1e30, 3, 0, 1, 2, 0], [1, 2, 3]);
    const loss = (x: tf.Tensor, p: tf.Tensor) =>
      generalisedMean(x as tf.Tensor3D, { exponent: p as tf.Tensor1D }).sum();
    for (const p of [1, 3, 50]) {
      const value = generalisedMean(tokens, withExponent(p)).dataSync();
      for (const [channel, limit] of largest.entries()) {
        assert.ok(
          value[channel]! >= (limit / 2) * 0.9999 && value[channel]! <= Math.max(limit, 1e-6) * 1.0001,
        );
      }
      for (const gradient of tf.grads(loss)([tokens, tf.tensor1d([p])]))
        assert.ok(
          gradient.dataSync().every(Number.isFinite),
          `a gradient at p = ${p}: ${gradient.dataSync()}`,
        );
    }
  });
});

test("a share is what the position adds to the value: x_i ∂f/∂x_i / f", () => {
  tf.tidy(() => {
    const tokens = tf.randomUniform<tf.Rank.R3>([2, 5, 1], 0.1, 5, "float32", 2);
    const gradient = tf.grad((x) => generalisedMean(x as tf.Tensor3D, withExponent(2.5)).sum())(tokens);
    const value = generalisedMean(tokens, withExponent(2.5));
    const expected = [...tokens.mul(gradient).div(value).dataSync()];
    assertNear(
      generalisedMeanShares(tokens, withExponent(2.5)),
      { shape: [2, 1, 5], data: expected },
      "shares",
    );
  });
});

test("no tensor is left but the result", async () => {
  const [tokens, mask, exponent] = [
    tf.ones<tf.Rank.R3>([2, 5, 3]),
    tf.ones<tf.Rank.R2>([2, 5]),
    withExponent(3),
  ];
  await assertNoTensorLeak(() => generalisedMean(tokens, exponent, mask));
  await assertNoTensorLeak(() => generalisedMeanShares(tokens, exponent));
});

test("what does not fit is refused with the layer's name, what it takes and what it got", () => {
  const layer = new GeneralisedMeanPooling({ name: "gem" });
  assertRefused(() => layer.parameters, /gem has no parameters yet/);
  assertRefused(
    () => layer.build([null, 7, 7, 16]),
    /^GeneralisedMeanPooling "gem" expected tokens .*\[\?, 7, 7, 16\]/,
  );
  assertRefused(
    () => layer.apply(tf.ones([2, 49, 8]), { mask: tf.ones([2, 48]) }),
    /positions is 49 in tokens and 48 in mask/,
  );
});
