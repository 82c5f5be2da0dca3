import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { startTensorFlow } from "../runtime/tensorflow";
import { useFusedGradients } from "./fused-gradients";

before(async () => {
  await startTensorFlow();
});

test("the gradient of relu6 is the one that TensorFlow.js composes, except at 6 itself", async () => {
  const values = [-3, -1e-7, 0, 1e-7, 2.5, 6 - 1e-6, 6 + 1e-6, 9];
  const x = tf.tensor1d([...values, ...Array.from({ length: 1000 }, (_, i) => (i % 97) / 10 - 2.05)]);
  const gradient = () =>
    tf.tidy(() =>
      tf
        .grad((input) => tf.relu6(input).square().sum())(x)
        .dataSync(),
    );
  const composed = gradient();
  useFusedGradients();
  const fused = await assertNoTensorLeak(gradient);
  x.dispose();
  assert.ok(composed.some((value) => value !== 0));
  for (const [i, expected] of composed.entries())
    assert.ok(Math.abs((fused[i] as number) - expected) <= 1e-6, `element ${i}: ${fused[i]} and ${expected}`);
});

test("at 6 itself the gradient is 0 on the native backend, as in TensorFlow and PyTorch", async (context) => {
  if (tf.getBackend() !== "tensorflow") return context.skip("the native backend is not here");
  useFusedGradients();
  const gradient = tf.tidy(() =>
    tf
      .grad((input) => tf.relu6(input).sum())(tf.tensor1d([0, 3, 6]))
      .dataSync(),
  );
  assert.deepEqual([...gradient], [0, 1, 0]);
});
