import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { compile } from "./compile";
import { GradientDescent } from "./gradient-descent";
import { nativeBackend } from "./native-backend";
import { read } from "./read.fixture";
import { softmaxCrossEntropy } from "./softmax-cross-entropy";

let graphs = 0;

before(async () => {
  await startTensorFlow();
  graphs = nativeBackend() ? 1 : 0;
});

test("a step returns a tensor, an array or an object, as it does eagerly", () => {
  const x = tf.tensor1d([1, 2, 3]);
  const one = compile(({ x }) => x.square(), { inputs: { x: [3] } });
  const several = compile(({ x }) => [x.sum(), x.greater(1), x.toInt()], { inputs: { x: [3] } });
  const named = compile(({ x }) => ({ double: x.mul(2), same: x }), { inputs: { x: [3] } });
  for (let call = 0; call < 4; call++) {
    assert.deepEqual(read(one({ x })), [1, 4, 9]);
    const [sum, above, whole] = several({ x });
    assert.deepEqual([sum!.dtype, above!.dtype, whole!.dtype], ["float32", "bool", "int32"]);
    assert.deepEqual([read(sum!), read(above!), read(whole!)], [[6], [0, 1, 1], [1, 2, 3]]);
    const { double, same } = named({ x });
    assert.deepEqual(
      [read(double), read(same)],
      [
        [2, 4, 6],
        [1, 2, 3],
      ],
    );
  }
  assert.deepEqual([one.graphs, several.graphs, named.graphs], [graphs, graphs, graphs]);
  for (const step of [one, several, named]) step.dispose();
  x.dispose();
});

test("a variable that is returned stays alive when the result is disposed", () => {
  const weight = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
  const step = compile(({ x }) => [weight, x], { inputs: { x: [1] } });
  const x = tf.tensor1d([3]);
  for (let call = 0; call < 4; call++) assert.deepEqual(step({ x }).map(read), [[1, 2], [3]]);
  assert.ok(!weight.isDisposed && !x.isDisposed);
  step.dispose();
  tf.dispose([weight, x]);
});

test("numbers are fed at every call, and one tensor may be given twice", () => {
  const step = compile(({ a, b, rate }) => a.mul(rate).sub(b), { inputs: { a: [2], b: [2], rate: [] } });
  const a = tf.tensor1d([1, 2]);
  const b = tf.tensor1d([5, 5]);
  read(step({ a, b: a, rate: 1 }));
  read(step({ a, b: a, rate: 1 }));
  assert.deepEqual(read(step({ a, b, rate: 3 })), [-2, 1]);
  assert.deepEqual(read(step({ a: b, b: a, rate: 0.5 })), [1.5, 0.5]);
  step.dispose();
  tf.dispose([a, b]);
});

test("an input may have any name, and an error in a run leaves the step usable", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const step = compile(({ größe$, classes }) => softmaxCrossEntropy(größe$, classes), {
    inputs: { größe$: [null, 2], classes: { shape: [null], dtype: "int32" } },
  });
  const x = tf.zeros<tf.Rank.R2>([2, 2]);
  const [right, wrong] = [tf.tensor1d([0, 1], "int32"), tf.tensor1d([0, 7], "int32")];
  for (let call = 0; call < 3; call++) step({ größe$: x, classes: right }).dispose();
  assert.equal(step.graphs, 1);
  assert.throws(
    () => step({ größe$: x, classes: wrong }),
    /label value of 7 which is outside the valid range/,
  );
  assert.deepEqual(read(step({ größe$: x, classes: right })), [
    Math.fround(Math.log(2)),
    Math.fround(Math.log(2)),
  ]);
  step.dispose();
  tf.dispose([x, right, wrong]);
});

test("variables change in the graph, come back by sync, and follow assignments made outside", () => {
  const total = tf.variable(tf.scalar(0));
  const step = compile(
    ({ x }) => {
      total.assign(total.add(x));
      return total.mul(1);
    },
    { inputs: { x: [] } },
  );
  const results = [1, 2, 3, 4].map((x) => read(step({ x }))[0]);
  assert.deepEqual(results, [1, 3, 6, 10]);
  step.sync();
  assert.equal(total.dataSync()[0], 10);
  tf.tidy(() => total.assign(tf.scalar(100)));
  assert.deepEqual(read(step({ x: 5 })), [105]);
  step.dispose();
  assert.equal(total.dataSync()[0], 105, "dispose brings the variables back");
  assert.deepEqual(read(step({ x: 1 })), [106], "a disposed step records anew");
  step.dispose();
  total.dispose();
});

test("variables that share a tensor are kept apart, from each other and from a constant", () => {
  const start = tf.tensor1d([1, 2]);
  const [a, b] = [tf.variable(start), tf.variable(start)];
  const anchor = a.clone();
  const step = compile(
    ({ x }) => {
      a.assign(a.add(x));
      b.assign(b.sub(x));
      return tf.stack([a, b, anchor, start]);
    },
    { inputs: { x: [] } },
  );
  for (let n = 1; n <= 4; n++)
    assert.deepEqual(read(step({ x: 1 })), [1 + n, 2 + n, 1 - n, 2 - n, 1, 2, 1, 2]);
  step.dispose();
  tf.dispose([start, a, b, anchor]);
});

test("several compiled steps see one another's changes of a variable", () => {
  const weight = tf.variable(tf.scalar(1));
  const double = compile(
    ({ x }) => {
      weight.assign(weight.mul(2));
      return x.add(0);
    },
    { inputs: { x: [] } },
  );
  const evaluate = compile(({ x }) => x.mul(weight), { inputs: { x: [] } });
  for (let n = 1; n <= 6; n++) {
    read(double({ x: 0 }));
    assert.deepEqual(read(evaluate({ x: 10 })), [10 * 2 ** n]);
  }
  assert.deepEqual([double.graphs, evaluate.graphs], [graphs, graphs]);
  double.dispose();
  evaluate.dispose();
  weight.dispose();
});

for (const keep of [4, undefined])
  test(`the state follows from one batch size to the other, with ${keep ?? "all"} graphs kept`, () => {
    const told: string[] = [];
    const { warn } = console;
    console.warn = (sentence: string) => told.push(sentence);
    const mean = tf.variable(tf.scalar(0));
    const step = compile(
      ({ x }) => {
        mean.assign(mean.mul(0.5).add(x.mean().mul(0.5)));
        return mean.add(x.sum());
      },
      { inputs: { x: [null, 2] }, ...(keep && { keep }) },
    );
    let expected = 0;
    for (const batch of [4, 4, 4, 3, 3, 4, 3, 2, 2, 1, 1, 5, 5, 4, 4, 6, 6, 7, 7]) {
      const x = tf.fill([batch, 2], batch);
      expected = expected * 0.5 + batch * 0.5;
      const [value] = read(step({ x }));
      x.dispose();
      assert.ok(Math.abs(value! - expected - 2 * batch * batch) < 1e-4, `batch ${batch}: ${value}`);
    }
    assert.equal(step.graphs, graphs * (keep ?? 7));
    console.warn = warn;
    assert.equal(told.length, keep ? graphs : 0, "told once, when the first is let go");
    assert.ok(
      told.every((sentence) => /let the graph for inputs of x \[4, 2\] go, since `keep` is 4/.test(sentence)),
    );
    step.dispose();
    mean.dispose();
  });

test("a compiled step inside another becomes part of it", () => {
  const inner = compile(({ x }) => x.square(), { inputs: { x: [2] } });
  const outer = compile(({ x }) => inner({ x }).add(1), { inputs: { x: [2] } });
  const x = tf.tensor1d([2, 3]);
  for (let call = 0; call < 3; call++) assert.deepEqual(read(outer({ x })), [5, 10]);
  assert.deepEqual([inner.graphs, outer.graphs], [0, graphs]);
  outer.dispose();
  x.dispose();
});

test("an optimiser of tfjs trains inside the graph, slots included", () => {
  const make = () => {
    const weights = tf.variable(tf.tensor2d([[0.5], [-0.5]]));
    const optimiser = tf.train.adam(0.1);
    const step = ({ x, y }: { x: tf.Tensor2D; y: tf.Tensor2D }) =>
      optimiser.minimize(
        () => tf.losses.meanSquaredError(y, x.matMul(weights as tf.Tensor2D)) as tf.Scalar,
        true,
        [weights],
      )!;
    return { weights, optimiser, step };
  };
  const [eager, compiled] = [make(), make()];
  const step = compile(compiled.step, { inputs: { x: [null, 2], y: [null, 1] } });
  const x = tf.tensor2d([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const y = tf.tensor2d([[1], [2], [3]]);
  for (let n = 0; n < 10; n++) {
    const [expected] = read(eager.step({ x, y }));
    const [loss] = read(step({ x, y }));
    assert.ok(Math.abs(loss! - expected!) < 1e-6, `step ${n}: ${loss} and ${expected}`);
  }
  assert.equal(step.graphs, graphs);
  step.dispose();
  for (const { weights, optimiser } of [eager, compiled]) {
    optimiser.dispose();
    weights.dispose();
  }
  tf.dispose([x, y]);
});

test("a variable that was disposed is named", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const weight = tf.variable(tf.scalar(2), false, "forgotten");
  const step = compile(({ x }) => x.mul(weight), { inputs: { x: [] } });
  read(step({ x: 1 }));
  read(step({ x: 1 }));
  weight.dispose();
  assert.throws(() => step({ x: 1 }), /variable forgotten, which was disposed/);
  step.dispose();
});

test("calls leave no tensors behind", async () => {
  const x = tf.ones([4, 3]);
  const weight = tf.variable(tf.ones([3, 2]));
  await assertNoTensorLeak(() => {
    const step = compile(
      ({ x }) => {
        weight.assign(weight.mul(0.9));
        return { y: x.matMul(weight as tf.Tensor2D), sum: x.sum() };
      },
      { inputs: { x: [null, 3] } },
    );
    for (let call = 0; call < 6; call++) tf.dispose(step({ x }));
    step.sync();
    step.dispose();
  });
  tf.dispose([x, weight]);
});

test("the output has the form that the step gives it at each shape", () => {
  const step = compile(({ x }) => Object.fromEntries(tf.unstack(x).map((row, i) => [`row ${i}`, row])), {
    inputs: { x: [null, 2] },
  });
  for (const rows of [3, 3, 3, 2, 3, 2, 2, 5, 5, 5, 2, 3, 1, 0, 0, 0, 1])
    tf.tidy(() => {
      const output = step({ x: tf.range(0, rows * 2).reshape([rows, 2]) as tf.Tensor2D });
      assert.deepEqual(
        Object.entries(output).map(([name, row]) => [name, ...row.dataSync()]),
        Array.from({ length: rows }, (_, i) => [`row ${i}`, 2 * i, 2 * i + 1]),
      );
    });
  step.dispose();
});

test("options that are no whole numbers from 1 on are refused", () => {
  const inputs = { x: [1] } as const;
  for (const wrong of [0, -1, 2.5, Number.NaN]) {
    assert.throws(
      () => compile(({ x }) => x, { inputs, keep: wrong }),
      /`keep` .* must be a whole number, at least 1/,
    );
    assert.throws(
      () => compile(({ x }) => x, { inputs, check: wrong }),
      /`check` .* must be a whole number, at least 1/,
    );
  }
});

test("where TensorFlow takes no graph of a step, such as a strided convolution of nothing, it runs eagerly", () => {
  const kernel = tf.tidy(() => tf.variable(tf.ones<tf.Rank.R4>([2, 2, 2, 2])));
  const descent = new GradientDescent([kernel], { momentum: 0.9 });
  const step = compile(
    ({ x }) =>
      descent.minimize(() => tf.conv2d(x, kernel, 2, "same").sin().square().sum() as tf.Scalar, 0.05),
    { inputs: { x: [null, 3, 4, 2] } },
  );
  for (let call = 0; call < 5; call++)
    tf.tidy(() => assert.deepEqual([...step({ x: tf.zeros([0, 3, 4, 2]) }).dataSync()], [0]));
  step.dispose();
  descent.dispose();
  kernel.dispose();
});
