import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { compile } from "./compile";
import { insideStep } from "./inside-step";
import { read } from "./read.fixture";

before(async () => {
  await startTensorFlow();
});

const activations = [tf.relu, tf.relu6, tf.selu, tf.sigmoid, tf.tanh];

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  for (let i = 0; i < expected.length; i++)
    assert.ok(
      Math.abs(actual[i]! - expected[i]!) <= 1e-5 * Math.max(1, Math.abs(expected[i]!)),
      `${what}[${i}]: ${actual[i]}, ${expected[i]}`,
    );
}

test("each fused gradient is the one that TensorFlow.js composes, except relu6's at 6 itself", async () => {
  const values = [-3, -1e-7, 1e-7, 2.5, 6 - 1e-6, 6 + 1e-6, 9];
  const x = tf.tensor1d([...values, ...Array.from({ length: 1000 }, (_, i) => (i % 97) / 10 - 2.05)]);
  const gradients = () =>
    activations.map((activation) =>
      tf.tidy(() =>
        tf
          .grad((input) => activation(input).square().sum())(x)
          .dataSync(),
      ),
    );
  const composed = gradients();
  const fused = await assertNoTensorLeak(() => insideStep(gradients));
  x.dispose();
  for (const [k, expected] of composed.entries()) {
    assert.ok(expected.some((value) => value !== 0));
    assertClose(fused[k]!, expected, activations[k]!.name);
  }
});

/** Each activation and its first three derivatives. */
const derivatives: Record<string, (x: number) => [number, number, number, number]> = {
  relu: (x) => (x > 0 ? [x, 1, 0, 0] : [0, 0, 0, 0]),
  relu6: (x) => (x > 6 ? [6, 0, 0, 0] : x > 0 ? [x, 1, 0, 0] : [0, 0, 0, 0]),
  selu: (x) => {
    const [scale, alpha] = [1.0507009873554805, 1.6732632423543772];
    const e = scale * alpha * Math.exp(x);
    return x > 0 ? [scale * x, scale, 0, 0] : [e - scale * alpha, e, e, e];
  },
  sigmoid: (x) => {
    const s = 1 / (1 + Math.exp(-x));
    const slope = s * (1 - s);
    return [s, slope, slope * (1 - 2 * s), slope * (1 - 6 * slope)];
  },
  tanh: (x) => {
    const t = Math.tanh(x);
    const slope = 1 - t * t;
    return [t, slope, -2 * t * slope, slope * (6 * t * t - 2)];
  },
};

test("second and third derivatives through fused gradients follow their formulas, in graphs too", () => {
  const values = [-2.5, -0.5, 0.3, 2, 5.5, 7];
  const x = tf.tensor1d(values);
  for (const activation of activations) {
    // f = x · activation(x), g = f'; the derivative of g², and of that derivative's square.
    const first = tf.grad((input: tf.Tensor) => activation(input).mul(input).sum());
    const second = tf.grad((input: tf.Tensor) => first(input).square().sum());
    const third = tf.grad((input: tf.Tensor) => second(input).square().sum());
    const name = activation.name.replace("__op", "");
    const expected = values.map((value) => {
      const [a0, a1, a2, a3] = derivatives[name]!(value);
      const [g, g1, g2] = [a0 + value * a1, 2 * a1 + value * a2, 3 * a2 + value * a3];
      return [2 * g * g1, 8 * g * g1 * (g1 ** 2 + g * g2)];
    });
    const step = compile(({ x }) => [second(x), third(x)], { inputs: { x: [6] } });
    for (let call = 0; call < 4; call++)
      for (const [k, each] of step({ x }).entries())
        assertClose(
          read(each),
          expected.map((row) => row[k]!),
          `${name} ${k + 2}`,
        );
    step.dispose();
  }
  x.dispose();
});

test("at 6 itself a step's gradient is 0 on the native backend, as in TensorFlow and PyTorch", (context) => {
  if (tf.getBackend() !== "tensorflow") return context.skip("the native backend is not here");
  const gradient = insideStep(() =>
    tf.tidy(() =>
      tf
        .grad((input) => tf.relu6(input).sum())(tf.tensor1d([0, 3, 6]))
        .dataSync(),
    ),
  );
  assert.deepEqual([...gradient], [0, 1, 0]);
});

test("compiling and calling a step leaves the gradients of TensorFlow.js as they were", () => {
  const names = ["Relu", "Relu6", "Selu", "Sigmoid", "Tanh"];
  const before = names.map((name) => tf.getGradient(name));
  const step = compile(({ x }) => tf.grad((input) => activations.reduce((y, f) => f(y), input))(x), {
    inputs: { x: [2] },
  });
  const x = tf.tensor1d([0.5, 1]);
  for (let call = 0; call < 4; call++) read(step({ x }));
  assert.deepEqual(
    names.map((name, i) => tf.getGradient(name) === before[i]),
    names.map(() => true),
  );
  // The same step fails half way.
  const failing = compile(
    () => {
      throw new Error("half way");
    },
    { inputs: { x: [2] } },
  );
  assert.throws(() => failing({ x }), /half way/);
  assert.ok(names.every((name, i) => tf.getGradient(name) === before[i]));
  step.dispose();
  x.dispose();
});
