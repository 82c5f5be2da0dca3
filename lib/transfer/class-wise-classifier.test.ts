import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { assertNear } from "../attention/goldens/golden.fixture";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { ClassWiseClassifier, classWiseLogits } from "./class-wise-classifier";

before(() => startTensorFlow());

const [kernel, bias] = [() => tf.tensor2d([1, 4, 2, 5, 3, 6], [3, 2]), () => tf.tensor1d([0.5, -1])];

test("each logit reads its own context: logit_k = w_k · c_k + b_k", async () => {
  const [contexts, w, b] = [tf.tensor2d([1, 0, 2, 0, 10, 100], [1, 6]), kernel(), bias()];
  const logits = await assertNoTensorLeak(() => classWiseLogits(contexts, w, b));
  assertNear(logits, { shape: [1, 2], data: [1 + 6 + 0.5, 50 + 600 - 1] }, "logits");
});

test("with one context for all classes it is the ordinary linear classifier, in value and gradient", () => {
  tf.tidy(() => {
    const context = tf.randomNormal<tf.Rank.R2>([4, 3], 0, 1, "float32", 1);
    const upstream = tf.randomNormal([4, 2], 0, 1, "float32", 2);
    const ordinary = (c: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
      (c as tf.Tensor2D)
        .matMul(w as tf.Tensor2D)
        .add(b)
        .mul(upstream)
        .sum();
    const classWise = (c: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
      classWiseLogits((c as tf.Tensor2D).tile([1, 2]), w as tf.Tensor2D, b as tf.Tensor1D)
        .mul(upstream)
        .sum();
    const expected = tf.valueAndGrads(ordinary)([context, kernel(), bias()]);
    const actual = tf.valueAndGrads(classWise)([context, kernel(), bias()]);
    for (const [i, gradient] of expected.grads.entries())
      assertNear(actual.grads[i]!, gradient, `gradient ${i}`);
    assertNear(actual.value, expected.value, "value");
  });
});

test("the layer has as many parameters as the ordinary one, and starts at zero", () => {
  const layer = new ClassWiseClassifier({ classes: 8 });
  layer.build([null, 8 * 112]);
  assert.equal(layer.countParams(), 904);
  const logits = layer.apply(tf.ones([2, 8 * 112])) as tf.Tensor;
  assertNear(logits, { shape: [2, 8], data: Array(16).fill(0) }, "logits");
});
