import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { Adam } from "./adam";
import { compile } from "./compile";
import { GradientDescent } from "./gradient-descent";
import { nativeBackend } from "./native-backend";
import { read } from "./read.fixture";
import { softmaxCrossEntropy } from "./softmax-cross-entropy";

before(async () => {
  await startTensorFlow();
});

/** A step that adds to a variable and returns it. */
function adding(weight: tf.Variable) {
  return compile(
    ({ x }) => {
      weight.assign(weight.add(x));
      return weight.mul(1);
    },
    { inputs: { x: [] } },
  );
}

test("assigning the same tensor before each trial makes all trials equal", async () => {
  await assertNoTensorLeak(() => {
    const start = tf.scalar(0);
    const weight = tf.variable(start);
    const step = adding(weight);
    for (let trial = 0; trial < 5; trial++) {
      weight.assign(start);
      for (const expected of [1, 2, 3]) assert.deepEqual(read(step({ x: 1 })), [expected]);
    }
    step.dispose();
    tf.dispose([start, weight]);
  });
});

test("model.setWeights with the same tensors before each fold makes all folds equal", () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], useBias: false })] });
  const start = [tf.tensor2d([[0.5], [-0.5]])];
  const weights = model.trainableWeights.map((each) => each.read() as tf.Variable);
  const sgd = new GradientDescent(weights);
  const step = compile(
    ({ x }) => sgd.minimize(() => (model.apply(x) as tf.Tensor).sub(1).square().mean(), 0.05),
    { inputs: { x: [null, 2] } },
  );
  const x = tf.tensor2d([
    [1, 2],
    [3, 4],
  ]);
  const folds = [1, 2, 3, 4].map(() => {
    model.setWeights(start);
    return [1, 2, 3, 4].map(() => read(step({ x }))[0]!);
  });
  for (const losses of folds)
    for (const [i, loss] of losses.entries()) assert.ok(Math.abs(loss - folds[0]![i]!) < 1e-6, `${folds}`);
  assert.ok(folds[0]![3]! < folds[0]![0]!);
  step.dispose();
  sgd.dispose();
  model.dispose();
  tf.dispose([start, x]);
});

test("reading, computing with, copying and saving a variable gives its newest value, without sync", async () => {
  const weight = tf.tidy(() => tf.variable(tf.scalar(0)));
  const step = adding(weight);
  const ways: (() => number | Promise<number>)[] = [
    () => weight.dataSync()[0]!,
    async () => (await weight.data())[0]!,
    async () => (await weight.array()) as unknown as number,
    () => tf.tidy(() => weight.mul(1).dataSync()[0]!),
    () => tf.tidy(() => weight.clone().dataSync()[0]!),
    () =>
      tf.tidy(
        () =>
          tf
            .grad((x: tf.Tensor) => x.mul(weight))(tf.scalar(1))
            .dataSync()[0]!,
      ),
  ];
  let expected = 0;
  for (let round = 0; round < 3; round++)
    for (const way of ways) {
      for (let call = 0; call < 2; call++) step({ x: 1 }).dispose();
      expected += 2;
      assert.equal(await way(), expected);
    }
  const copy = weight.clone();
  step({ x: 1 }).dispose();
  assert.deepEqual([copy.dataSync()[0], weight.dataSync()[0]], [expected, expected + 1]);
  step.dispose();
  tf.dispose([weight, copy]);
});

test("a model predicts with the weights that a compiled step has trained", () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false })] });
  const [kernel] = model.trainableWeights.map((each) => each.read() as tf.Variable);
  const step = compile(
    ({ x }) => {
      kernel!.assign(kernel!.mul(0).add(x));
      return x.mul(1);
    },
    { inputs: { x: [] } },
  );
  const one = tf.ones([1, 1]);
  for (let x = 1; x <= 5; x++) {
    step({ x }).dispose();
    assert.deepEqual(read(model.predict(one) as tf.Tensor), [x]);
  }
  step.dispose();
  model.dispose();
  one.dispose();
});

test("a variable is read from its graph while another backend is the chosen one", async (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const weight = tf.tidy(() => tf.variable(tf.scalar(0)));
  const step = adding(weight);
  for (let call = 0; call < 4; call++) step({ x: 1 }).dispose();
  await tf.setBackend("cpu");
  try {
    assert.equal(weight.dataSync()[0], 4);
  } finally {
    await tf.setBackend("tensorflow");
  }
  assert.deepEqual(read(step({ x: 1 })), [5]);
  step.dispose();
  weight.dispose();
});

test("a variable that was disposed is named, in a graph too and among all others", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  for (const dispose of [(weight: tf.Variable) => weight.dispose(), () => tf.disposeVariables()]) {
    const weight = tf.tidy(() => tf.variable(tf.scalar(2), true, "forgotten"));
    const step = compile(({ x }) => x.mul(weight), { inputs: { x: [] } });
    for (let call = 0; call < 4; call++) step({ x: 1 }).dispose();
    assert.equal(step.graphs, 1);
    dispose(weight);
    assert.throws(() => step({ x: 1 }), /variable forgotten, which was disposed/);
    step.dispose();
  }
});

test("variables that change places inside a step are trained as they are eagerly", () => {
  const result = (compiled: boolean) => {
    const [a, b] = tf.tidy(() => [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(3))]);
    const sgd = new GradientDescent([b], { momentum: 0.9 });
    const run = () =>
      sgd.minimize(() => {
        const kept = a.clone();
        a.assign(b);
        b.assign(kept);
        return b.square() as tf.Scalar;
      }, 0.1);
    const step = compile(run, { inputs: {} });
    const values = [1, 2, 3, 4, 5].map(() => {
      const [loss] = read(compiled ? step({}) : run());
      return [loss!, a.dataSync()[0]!, b.dataSync()[0]!];
    });
    step.dispose();
    sgd.dispose();
    tf.dispose([a, b]);
    return values.flat();
  };
  const expected = result(false);
  for (const [i, value] of result(true).entries())
    assert.ok(Math.abs(value - expected[i]!) < 1e-5, `${i}: ${value} and ${expected[i]}`);
});

test("variables that change places after one of them was trained keep what they were given", async () => {
  const run = (compiled: boolean) => {
    const [a, b] = tf.tidy(() => [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(5))]);
    const descent = new GradientDescent([a]);
    const step = ({ x }: { x: tf.Scalar }) => {
      const loss = descent.minimize(() => a.mul(x), 0.1);
      const kept = a.clone();
      a.assign(b);
      b.assign(kept);
      return loss;
    };
    const graph = compile(step, { inputs: { x: [] } });
    const seen = tf.tidy(() =>
      [1, 2, 3, 4, 5].map((x) => {
        const loss = compiled ? graph({ x }) : step({ x: tf.scalar(x) });
        return [loss, a, b].map((each) => each.dataSync()[0]);
      }),
    );
    graph.dispose();
    descent.dispose();
    tf.dispose([a, b]);
    return seen;
  };
  await assertNoTensorLeak(() => assert.deepEqual(run(true), run(false)));
});

test("a run that fails changes no variable, and the next one goes on from there", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const result = (wrongCalls: readonly number[]) => {
    const weight = tf.tidy(() => tf.variable(tf.ones<tf.Rank.R2>([2, 3])));
    const calls = tf.tidy(() => tf.variable(tf.scalar(0)));
    const adam = new Adam([weight]);
    const step = compile(
      ({ x, labels }) => {
        calls.assign(calls.add(1));
        return adam.minimize(
          () => softmaxCrossEntropy(x.matMul(weight) as tf.Tensor2D, labels).mean() as tf.Scalar,
          0.1,
        );
      },
      { inputs: { x: [2, 2], labels: { shape: [2], dtype: "int32" } } },
    );
    const x = tf.tensor2d([
      [1, 2],
      [3, 4],
    ]);
    const [right, wrong] = [tf.tensor1d([0, 1], "int32"), tf.tensor1d([0, 7], "int32")];
    for (let call = 0; call < 8; call++) {
      if (wrongCalls.includes(call)) assert.throws(() => step({ x, labels: wrong }), /label value of 7/);
      step({ x, labels: right }).dispose();
    }
    const values = [...weight.dataSync(), ...calls.dataSync()];
    step.dispose();
    adam.dispose();
    tf.dispose([weight, calls, x, right, wrong]);
    return values;
  };
  assert.deepEqual(result([3, 4, 6]), result([]));
});

test("a variable that is given as an input stands for its value at the call, though the step changes it", () => {
  const weight = tf.tidy(() => tf.variable(tf.scalar(1)));
  const step = compile(
    ({ x }) => {
      weight.assign(weight.add(1));
      return x.mul(10).add(weight);
    },
    { inputs: { x: [] } },
  );
  for (let call = 1; call <= 6; call++) assert.deepEqual(read(step({ x: weight })), [10 * call + call + 1]);
  step.dispose();
  weight.dispose();
});
