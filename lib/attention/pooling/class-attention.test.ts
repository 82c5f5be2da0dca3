import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { assertRefused } from "../assert-refused.fixture";
import { assertNear } from "../goldens/golden.fixture";
import { ClassAttention, classScores } from "./class-attention";

before(() => startTensorFlow());

test("scores equal the formula worked out by hand", async () => {
  const keys = tf.tensor3d([1, 0, 2, 4, 0, 1, 1, 1], [1, 2, 4]);
  const queries = tf.tensor2d([2, 0, 0, 1, 0, 4, -1, 0], [2, 4]);
  const scores = await assertNoTensorLeak(() => classScores(keys, queries));
  // Divided by √4.
  assertNear(scores, { shape: [1, 2, 2], data: [3, 0.5, -1, 1.5] }, "scores");
});

test("each class attends on its own, and the contexts stand one after the other", () => {
  tf.tidy(() => {
    const layer = new ClassAttention({ classes: 2 });
    layer.build([null, null, 2]);
    layer.setWeights([tf.tensor2d([100, 0, 0, 100], [2, 2])]);
    const [context, weights] = layer.apply(tf.tensor3d([3, 0, 0, 5], [1, 2, 2]));
    assertNear(weights, { shape: [1, 2, 2], data: [1, 0, 0, 1] }, "weights");
    assertNear(context, { shape: [1, 4], data: [3, 0, 0, 5] }, "context");
  });
});

test("a new layer gives every class the mean, and has gradients to leave it by", () => {
  tf.tidy(() => {
    const layer = new ClassAttention({ classes: 3 });
    const tokens = tf.randomNormal<tf.Rank.R3>([2, 6, 5], 0, 1, "float32", 3);
    const [context, weights] = layer.apply(tokens);
    const means = tokens.mean(1).tile([1, 3]);
    assertNear(context, means, "context");
    assertNear(weights, { shape: [2, 3, 6], data: Array(36).fill(1 / 6) }, "weights");
    const { grads } = tf.variableGrads(
      () => layer.apply(tokens)[0].square().sum().asScalar(),
      layer.variables,
    );
    assert.ok(Object.values(grads)[0]!.abs().max(1).min().dataSync()[0]! > 0.01);
  });
});

test("what does not fit is refused with the layer's name, what it takes and what it got", () => {
  const layer = new ClassAttention({ classes: 3, name: "classes" });
  assertRefused(
    () => layer.build([null, 7, 7, 16]),
    /^ClassAttention "classes" expected tokens .*\[\?, 7, 7, 16\]/,
  );
  assertRefused(() => layer.build([null, 49, null]), /"classes" must know its number of channels/);
  layer.build([null, 49, 16]);
  assertRefused(() => layer.apply(tf.ones([2, 49, 8])), /axis 2 of tokens must be 16, not 8/);
  assertRefused(() => new ClassAttention({ classes: 0 }), /ClassAttention: classes must be a whole number/);
});
