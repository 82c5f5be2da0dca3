import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { useFusedGradients } from "./fused-gradients";

before(async () => {
  await startTensorFlow();
});

test("each fused gradient is the one that TensorFlow.js composes, except relu6's at 6 itself", async () => {
  const values = [-3, -1e-7, 1e-7, 2.5, 6 - 1e-6, 6 + 1e-6, 9];
  const x = tf.tensor1d([...values, ...Array.from({ length: 1000 }, (_, i) => (i % 97) / 10 - 2.05)]);
  const gradients = () =>
    [tf.relu, tf.relu6, tf.selu, tf.sigmoid, tf.tanh].map((activation) =>
      tf.tidy(() =>
        tf
          .grad((input) => activation(input).square().sum())(x)
          .dataSync(),
      ),
    );
  const composed = gradients();
  useFusedGradients();
  const fused = await assertNoTensorLeak(gradients);
  x.dispose();
  for (const [k, expected] of composed.entries()) {
    assert.ok(expected.some((value) => value !== 0));
    for (const [i, value] of expected.entries()) {
      const other = fused[k]![i]!;
      assert.ok(
        Math.abs(other - value) <= 1e-5 * Math.max(1, Math.abs(value)),
        `${k}[${i}]: ${other}, ${value}`,
      );
    }
  }
});

test("a second derivative through a fused gradient is refused, never wrong", (context) => {
  if (tf.getBackend() !== "tensorflow") return context.skip("the native backend is not here");
  useFusedGradients();
  const first = tf.grad((x: tf.Tensor) => tf.tanh(x).mul(x).sum());
  assert.throws(() => tf.tidy(() => tf.grad((x) => first(x).sum())(tf.tensor1d([1, 2]))), /TanhGrad/);
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
