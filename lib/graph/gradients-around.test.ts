import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { Adam } from "./adam";
import { compile } from "./compile";
import { nativeBackend } from "./native-backend";
import { read } from "./read.fixture";
import { softmaxCrossEntropy } from "./softmax-cross-entropy";
import { StepRandom } from "./step-random";

let graphs = 0;

before(async () => {
  await startTensorFlow();
  graphs = nativeBackend() ? 1 : 0;
});

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, what = ""): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++)
    assert.ok(
      Math.abs(actual[i]! - expected[i]!) <= 1e-5 * Math.max(1, Math.abs(expected[i]!)),
      `${what}[${i}]: ${actual[i]}, ${expected[i]}`,
    );
}

/** Trains a trunk under an eager head and returns losses and weights. */
function trainTrunk(compiled: boolean, batches: readonly number[]): number[] {
  const [trunk, head] = tf.tidy(() => [
    tf.variable(
      tf.tensor2d([
        [0.5, -0.2],
        [0.1, 0.4],
      ]),
    ),
    tf.variable(tf.tensor2d([[0.3], [-0.6]])),
  ]);
  const forward = ({ x }: { x: tf.Tensor2D }) => tf.tanh(tf.matMul(x, trunk as tf.Tensor2D));
  const step = compile(forward, { inputs: { x: [null, 2] } });
  const adam = tf.train.adam(0.05);
  const values = batches.flatMap((batch, i) => {
    const x = tf.randomNormal<tf.Rank.R2>([batch, 2], 0, 1, "float32", i + 1);
    const loss = adam.minimize(
      () =>
        tf
          .matMul((compiled ? step({ x }) : forward({ x })) as tf.Tensor2D, head as tf.Tensor2D)
          .sub(1)
          .square()
          .mean(),
      true,
      [trunk, head],
    ) as tf.Scalar;
    x.dispose();
    return [...read(loss), ...trunk.dataSync(), ...head.dataSync()];
  });
  if (compiled) assert.ok(step.graphs >= 2 * graphs, "the gradient is a graph as well");
  step.dispose();
  adam.dispose();
  tf.dispose([trunk, head]);
  return values;
}

test("a compiled trunk learns under an eager head, as an eager trunk does, at any batch sizes", async () => {
  const batches = [4, 4, 4, 4, 2, 4, 6, 6, 6, 1, 3, 3];
  const expected = trainTrunk(false, batches);
  await assertNoTensorLeak(() => assertClose(trainTrunk(true, batches), expected));
});

test("gradients of inputs and variables, first and second, agree with eager code", () => {
  const weight = tf.tidy(() => tf.variable(tf.tensor1d([0.5, -1, 2])));
  const forward = ({ x, y }: { x: tf.Tensor; y: tf.Tensor }) => ({
    product: x.square().mul(weight).add(y.mul(weight.square())),
    other: y.square(),
    whole: x.greater(0),
  });
  const step = compile(forward, { inputs: { x: [null, 3], y: [null, 3] } });
  const run = (f: typeof forward, x: tf.Tensor, y: tf.Tensor) => {
    const first = tf.grads((x: tf.Tensor, y: tf.Tensor) => {
      const { product, other } = f({ x, y });
      return product.square().sum().add(other.mul(x).sum());
    })([x, y]);
    const second = tf.grad((x: tf.Tensor) =>
      tf
        .grad((x: tf.Tensor) => f({ x, y }).product.square().sum())(x)
        .square()
        .sum(),
    )(x);
    const { grads } = tf.variableGrads(() => f({ x, y }).product.square().sum() as tf.Scalar, [weight]);
    const none = tf.variableGrads(
      () => f({ x, y }).other.sum().add(weight.sum()) as tf.Scalar,
      [weight],
    ).grads;
    return [...first, second, grads[weight.name]!, none[weight.name]!].map((each) => [...each.dataSync()]);
  };
  for (const [call, batch] of [2, 2, 2, 2, 2, 5, 5, 3].entries())
    tf.tidy(() => {
      const x = tf.randomNormal([batch, 3], 0, 1, "float32", call + 1);
      const y = tf.randomNormal([batch, 3], 0, 1, "float32", call + 50);
      const expected = run(forward, x, y);
      for (const [k, values] of run(step as typeof forward, x, y).entries())
        assertClose(values, expected[k]!, `call ${call}, gradient ${k}`);
    });
  step.dispose();
  weight.dispose();
});

test("what an output does not depend on has no gradient, and what has none says so, as in eager code", () => {
  const [used, unused] = tf.tidy(() => [tf.variable(tf.scalar(2)), tf.variable(tf.scalar(3))]);
  const step = compile(({ x }) => [x.mul(used), x.mul(unused), x.greater(2).toFloat().mul(used)], {
    inputs: { x: [3] },
  });
  const x = tf.tensor1d([1, 5, 2]);
  for (let call = 0; call < 6; call++)
    tf.tidy(() => {
      const { grads } = tf.variableGrads(() => step({ x })[0]!.sum() as tf.Scalar, [used, unused]);
      assert.deepEqual(Object.keys(grads), [used.name]);
      assertClose(grads[used.name]!.dataSync(), [8]);
      assert.throws(() => tf.grad((x: tf.Tensor) => step({ x })[2]!.sum())(x), /not found for Greater/);
      assertClose(
        tf.variableGrads(() => step({ x })[2]!.sum() as tf.Scalar, [used]).grads[used.name]!.dataSync(),
        [1],
      );
    });
  step.dispose();
  tf.dispose([used, unused, x]);
});

test("a gradient belongs to the values that a variable had in the call, whatever it is given before it is taken", () => {
  const weight = tf.tidy(() => tf.variable(tf.scalar(2)));
  const step = compile(({ x }) => x.square().mul(weight.square()), { inputs: { x: [1] } });
  const x = tf.tensor1d([3]);
  const seven = tf.scalar(7);
  for (let call = 0; call < 5; call++)
    tf.tidy(() => {
      weight.assign(tf.scalar(2));
      const gradient = tf.grad((x: tf.Tensor) => {
        const result = step({ x }).sum();
        weight.assign(seven);
        return result;
      })(x);
      assert.deepEqual([...gradient.dataSync()], [24]);
      assert.equal(weight.dataSync()[0], 7);
    });
  step.dispose();
  tf.dispose([weight, x, seven]);
});

test("a step that draws random numbers draws once in a call, and its gradient has the same draw", () => {
  const random = new StepRandom(3);
  const step = compile(({ x }) => random.dropout(x, 0.5), { inputs: { x: [1000] } });
  const x = tf.ones([1000]);
  const draws = [1, 2, 3, 4, 5].map(() =>
    tf.tidy(() => {
      const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => step({ x: x as tf.Tensor1D }).sum())(x);
      const [sum] = value.dataSync();
      assertClose([grad.sum().dataSync()[0]!], [sum!]);
      return sum;
    }),
  );
  assert.ok(new Set(draws).size > 1);
  step.dispose();
  random.dispose();
  x.dispose();
});

test("a whole training step called under a tape trains once a call", () => {
  const weight = tf.tidy(() => tf.variable(tf.scalar(1)));
  const adam = new Adam([weight]);
  const step = compile(({ x }) => adam.minimize(() => weight.mul(x).square() as tf.Scalar, 0.1), {
    inputs: { x: [] },
  });
  const other = tf.tidy(() => tf.variable(tf.scalar(1)));
  const values = [1, 2, 3, 4, 5, 6].map((call) => {
    tf.tidy(() => {
      if (call % 2) tf.variableGrads(() => other.mul(step({ x: 1 })) as tf.Scalar, [other]);
      else step({ x: 1 });
    });
    return weight.dataSync()[0]!;
  });
  const alone = tf.tidy(() => tf.variable(tf.scalar(1)));
  const optimiser = new Adam([alone]);
  const expected = values.map(() => {
    optimiser.minimize(() => alone.square() as tf.Scalar, 0.1).dispose();
    return alone.dataSync()[0]!;
  });
  assertClose(values, expected);
  step.dispose();
  for (const each of [adam, optimiser]) each.dispose();
  tf.dispose([weight, other, alone]);
});

test("the second derivative of cross-entropy follows its formula", () => {
  tf.tidy(() => {
    const logits = tf.tensor2d([[1, 2, -1]]);
    const direction = tf.tensor2d([[1, -2, 0.5]]);
    for (const labels of [tf.tensor1d([1], "int32"), tf.tensor2d([[0.2, 0.3, 0.5]])]) {
      const first = tf.grad((x: tf.Tensor) => softmaxCrossEntropy(x as tf.Tensor2D, labels).sum());
      const second = tf.grad((x: tf.Tensor) => first(x).mul(direction).sum())(logits);
      const p = tf.softmax(logits);
      const expected = p.mul(direction.sub(p.mul(direction).sum()));
      assertClose(second.dataSync(), expected.dataSync());
    }
  });
});

test("gradients around a step with as many results as its batch has rows leave no tensor behind", async () => {
  const weight = tf.tidy(() => tf.variable(tf.scalar(2)));
  const step = compile(({ x }) => tf.unstack(x.mul(weight)).map((row) => row.sum().sin()), {
    inputs: { x: [null, 2] },
  });
  const slope = () =>
    tf.tidy(() =>
      read(tf.grad((x: tf.Tensor) => step({ x }).reduce((sum, each) => sum.add(each)))(tf.ones([3, 2]))),
    );
  const expected = Array.from({ length: 6 }, () => 2 * Math.cos(4));
  await assertNoTensorLeak(() => {
    for (let call = 0; call < 7; call++) assertClose(slope(), expected, `call ${call}`);
  });
  step.dispose();
  weight.dispose();
});
