import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { Adam } from "./adam";
import { compile } from "./compile";
import { GradientDescent } from "./gradient-descent";
import type { Optimiser } from "./optimiser";

before(async () => {
  await startTensorFlow();
});

const start = [0.5, -1.5, 2];
/** The gradient of Σ c·w² + w, steep along one axis and flat along another. */
const curvature = [10, 1, 0.001];
const gradientAt = (weights: number[]) => weights.map((w, i) => 2 * curvature[i]! * w + 1);
const rates = [0.1, 0.1, 0.05, 0.05, 0.02, 0.02, 0.02, 0.2];

/** Weights after each step by the paper's own formula, in double precision. */
function adamByHand(beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8): number[] {
  let weights = start;
  let mean = [0, 0, 0];
  let square = [0, 0, 0];
  for (const [t, rate] of rates.entries()) {
    const gradient = gradientAt(weights);
    mean = mean.map((m, i) => beta1 * m + (1 - beta1) * gradient[i]!);
    square = square.map((v, i) => beta2 * v + (1 - beta2) * gradient[i]! ** 2);
    weights = weights.map((w, i) => {
      const [m, v] = [mean[i]! / (1 - beta1 ** (t + 1)), square[i]! / (1 - beta2 ** (t + 1))];
      return w - (rate * m) / (Math.sqrt(v) + epsilon);
    });
  }
  return weights;
}

function momentumByHand(momentum: number): number[] {
  let weights = start;
  let accumulated = [0, 0, 0];
  for (const rate of rates) {
    const gradient = gradientAt(weights);
    accumulated = accumulated.map((a, i) => momentum * a + gradient[i]!);
    weights = weights.map((w, i) => w - rate * 0.1 * accumulated[i]!);
  }
  return weights;
}

/** Weights after the same steps by an optimiser, run eagerly or compiled. */
function train(make: (variables: tf.Variable[]) => Optimiser, compiled: boolean, scale = 1): number[] {
  const weights = tf.tidy(() => tf.variable(tf.tensor1d(start)));
  const coefficients = tf.tensor1d(curvature);
  const optimiser = make([weights]);
  const loss = () => weights.square().mul(coefficients).add(weights).sum() as tf.Scalar;
  const step = compile(({ rate }) => optimiser.minimize(loss, rate), { inputs: { rate: [] } });
  for (const rate of rates)
    tf.dispose(compiled ? step({ rate: rate * scale }) : optimiser.minimize(loss, rate * scale));
  step.dispose();
  const values = [...weights.dataSync()];
  optimiser.dispose();
  tf.dispose([weights, coefficients]);
  return values;
}

function assertClose(actual: number[], expected: number[], tolerance: number): void {
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs(actual[i]! - value) <= tolerance, `${actual} and ${expected}`);
}

for (const compiled of [false, true]) {
  const how = compiled ? "compiled" : "eager";
  test(`Adam, ${how}, follows the paper's formula, epsilon included`, async () => {
    await assertNoTensorLeak(() => {
      assertClose(
        train((v) => new Adam(v), compiled),
        adamByHand(),
        2e-6,
      );
      // With a large epsilon its place in the formula shows.
      const options = { beta1: 0.5, beta2: 0.9, epsilon: 0.5 };
      assertClose(
        train((v) => new Adam(v, options), compiled),
        adamByHand(0.5, 0.9, 0.5),
        2e-6,
      );
    });
  });

  test(`gradient descent, ${how}, follows its formula with and without momentum`, async () => {
    await assertNoTensorLeak(() => {
      assertClose(
        train((v) => new GradientDescent(v), compiled, 0.1),
        momentumByHand(0),
        1e-6,
      );
      const heavy = (v: tf.Variable[]) => new GradientDescent(v, { momentum: 0.9 });
      assertClose(train(heavy, compiled, 0.1), momentumByHand(0.9), 1e-5);
    });
  });
}

test("two optimisers train parts of one loss at rates of their own, in one graph", () => {
  const result = (compiled: boolean) => {
    const [a, b] = tf.tidy(() => [tf.variable(tf.tensor1d(start)), tf.variable(tf.tensor1d(start))]);
    const [fast, slow] = [new Adam([a]), new Adam([b])];
    const run = ({ rate }: { rate: tf.Scalar }) => {
      const { value, grads } = tf.variableGrads(() => a.mul(b).square().sum() as tf.Scalar, [a, b]);
      fast.apply([grads[a.name]!], rate);
      slow.apply([grads[b.name]!], rate.div(10) as tf.Scalar);
      return value;
    };
    const step = compile(run, { inputs: { rate: [] } });
    const losses = rates.map((rate) => {
      const loss = compiled ? step({ rate }) : tf.tidy(() => run({ rate: tf.scalar(rate) }));
      const [value] = loss.dataSync();
      loss.dispose();
      return value!;
    });
    step.dispose();
    const weights = [...a.dataSync(), ...b.dataSync()];
    tf.dispose([a, b]);
    for (const optimiser of [fast, slow]) optimiser.dispose();
    return [...losses, ...weights];
  };
  assertClose(result(true), result(false), 1e-5);
});

test("what changes a variable after the optimiser is done after it in the graph as well", () => {
  const result = (compiled: boolean) => {
    const [weight, average] = tf.tidy(() => [
      tf.variable(tf.tensor1d(start)),
      tf.variable(tf.zeros([3]), false),
    ]);
    const descent = new GradientDescent([weight], { momentum: 0.5 });
    const run = ({ rate }: { rate: tf.Scalar }) => {
      const loss = descent.minimize(() => weight.square().sum() as tf.Scalar, rate);
      average.assign(average.mul(0.9).add(weight.mul(0.1)));
      weight.assign(weight.clipByValue(-1, 1) as tf.Tensor1D);
      return tf.concat([loss.reshape([1]), average, weight] as tf.Tensor1D[]);
    };
    const step = compile(run, { inputs: { rate: [] } });
    const values = rates.flatMap((rate) => {
      const output = compiled ? step({ rate }) : tf.tidy(() => run({ rate: tf.scalar(rate) }));
      const numbers = [...output.dataSync()];
      output.dispose();
      return numbers;
    });
    step.dispose();
    tf.dispose([weight, average]);
    descent.dispose();
    return values;
  };
  assertClose(result(true), result(false), 1e-6);
});

test("a variable that the loss does not depend on is refused", () => {
  const [used, unused] = tf.tidy(() => [tf.variable(tf.scalar(1)), tf.variable(tf.zeros([2, 3]))]);
  const descent = new GradientDescent([used, unused]);
  assert.throws(() => descent.minimize(() => used.square() as tf.Scalar, 0.1));
  descent.dispose();
  tf.dispose([used, unused]);
});

test("a rate or a decay that would spoil every weight is refused before a step", async () => {
  const weight = tf.variable(tf.tensor1d([1, 2]));
  const refused: [() => unknown, RegExp][] = [
    [() => new Adam([weight], { beta1: 1 }), /beta1 must be at least 0 and less than 1, not 1/],
    [() => new Adam([weight], { beta2: Number.NaN }), /beta2 .* not NaN/],
    [() => new Adam([weight], { epsilon: 0 }), /epsilon .* above 0, .* not 0/],
    [() => new GradientDescent([weight], { momentum: -0.1 }), /momentum .* not -0.1/],
  ];
  for (const [make, message] of refused)
    assert.throws(
      make,
      (error) => error instanceof UserError && message.test(error.message),
      String(message),
    );
  for (const optimiser of [new Adam([weight]), new GradientDescent([weight])]) {
    for (const rate of [Number.NaN, Infinity, -0.1]) {
      const step = () => optimiser.minimize(() => weight.sum() as tf.Scalar, rate);
      assert.throws(
        step,
        (error) => error instanceof UserError && /learning rate/.test(error.message),
        `${rate}`,
      );
    }
    optimiser.dispose();
  }
  assert.deepEqual([...(await weight.data())], [1, 2]);
  weight.dispose();
});

test("an optimiser that was disposed, or whose variables were, and gradients that are missing are refused", () => {
  for (const make of [
    (w: tf.Variable) => new Adam([w]),
    (w: tf.Variable) => new GradientDescent([w], { momentum: 0.9 }),
  ]) {
    const w = tf.tidy(() => tf.variable(tf.scalar(1)));
    const refused = (optimiser: Optimiser, gradients: tf.Tensor[], pattern: RegExp) =>
      assert.throws(
        () => optimiser.apply(gradients, 0.1),
        (error) => error instanceof UserError && pattern.test(error.message),
      );
    const [first, second, one] = [make(w), make(w), tf.scalar(1)];
    refused(first, [], /has 1 variables and was given 0 gradients/);
    first.dispose();
    refused(first, [one], /optimiser was disposed/);
    w.dispose();
    refused(second, [one], /updates the variable .*, which was disposed/);
    second.dispose();
    one.dispose();
  }
});
