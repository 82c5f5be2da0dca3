import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startedWebGpu } from "../../node/webgpu/webgpu.fixture";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { Adam } from "../adam";
import { compile } from "../compile";
import { GradientDescent } from "../gradient-descent";
import type { Optimiser } from "../optimiser";
import { read } from "../read.fixture";
import { softmaxCrossEntropy } from "../softmax-cross-entropy";
import { StepRandom } from "../step-random";

const drawn = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, "float32", seed);

/** Trains a layer with tanh and softmax, and gives its losses and weights. */
function train(make: (weights: tf.Variable[]) => Optimiser, compiled: boolean, batches: number[]): number[] {
  return tf.tidy(() => {
    const weights = [drawn([5, 4], 1), drawn([4, 3], 2), tf.zeros([3])].map((each) => tf.variable(each));
    const [first, second, bias] = weights as [tf.Variable, tf.Variable, tf.Variable];
    const optimiser = make(weights);
    const eager = ({ x, y, rate }: { x: tf.Tensor; y: tf.Tensor; rate: tf.Scalar }) =>
      optimiser.minimize(() => {
        const logits = x.matMul(first).tanh().matMul(second).add(bias) as tf.Tensor2D;
        return softmaxCrossEntropy(logits, y as tf.Tensor1D).mean<tf.Scalar>();
      }, rate);
    const step = compile(eager, {
      inputs: { x: [null, 5], y: { shape: [null], dtype: "int32" }, rate: [] },
    });
    const losses = batches.map((size, i) => {
      const inputs = {
        x: drawn([size, 5], 10 + i),
        y: tf.range(0, size).toInt().mod(tf.scalar(3, "int32")),
      };
      const rate = 0.1 / (i + 1);
      const loss = compiled ? step({ ...inputs, rate }) : eager({ ...inputs, rate: tf.scalar(rate) });
      return loss.dataSync()[0]!;
    });
    assert.equal(step.graphs > 0, compiled);
    const numbers = weights.flatMap((each) => [...each.dataSync()]);
    step.dispose();
    optimiser.dispose();
    tf.dispose(weights);
    return [...losses, ...numbers];
  });
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++)
    assert.ok(
      Math.abs(actual[i]! - expected[i]!) <= 1e-5 * Math.max(1, Math.abs(expected[i]!)),
      `${i}: ${actual[i]} instead of ${expected[i]}`,
    );
}

const optimisers: Record<string, (weights: tf.Variable[]) => Optimiser> = {
  Adam: (weights) => new Adam(weights),
  momentum: (weights) => new GradientDescent(weights, { momentum: 0.9 }),
  descent: (weights) => new GradientDescent(weights),
};

for (const [name, make] of Object.entries(optimisers))
  test(`a training step by ${name} that is repeated gives the losses and weights of eager code, at several batch sizes`, async (context) => {
    if (!(await startedWebGpu(context))) return;
    const batches = [6, 6, 6, 4, 6, 4, 4, 6, 6];
    const eager = train(make, false, batches);
    await assertNoTensorLeak(() => {
      const repeated = train(make, true, batches);
      assertClose(repeated, eager);
    });
  });

test("a variable that a repeated step changes has its newest value for everybody, and its clones keep theirs", async (context) => {
  if (!(await startedWebGpu(context))) return;
  await assertNoTensorLeak(() => {
    const total = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
    const add = compile(
      ({ x }) => {
        const before = total.clone();
        total.assign(total.add(x) as tf.Tensor1D);
        return before;
      },
      { inputs: { x: [2] } },
    );
    const double = compile(
      () => {
        total.assign(total.mul(2));
        return total;
      },
      { inputs: {} },
    );
    const x = tf.tensor1d([1, 1]);
    let expected = [1, 2];
    const clones: { clone: tf.Tensor; value: number[] }[] = [];
    for (let i = 0; i < 12; i++) {
      clones.push({ clone: total.clone(), value: expected });
      if (i % 4 === 3) {
        expected = expected.map((value) => value * 2);
        assert.deepEqual(read(double({})), expected);
      } else if (i % 5 === 4) {
        expected = [0.5, -i];
        tf.tidy(() => total.assign(tf.tensor1d(expected)));
      } else {
        assert.deepEqual(read(add({ x })), expected);
        expected = expected.map((value) => value + 1);
      }
      assert.deepEqual([...total.dataSync()], expected);
    }
    assert.ok(add.graphs === 1 && double.graphs === 1);
    for (const { clone, value } of clones) assert.deepEqual([...clone.dataSync()], value);
    add.dispose();
    tf.tidy(() => total.assign(total.add(1) as tf.Tensor1D));
    expected = expected.map((value) => 2 * (value + 1));
    assert.deepEqual(read(double({})), expected);
    double.dispose();
    assert.deepEqual([...total.dataSync()], expected);
    tf.dispose([total, x, clones.map(({ clone }) => clone)]);
  });
});

test("variables can change places, and inputs, variables and constants can be results", async (context) => {
  if (!(await startedWebGpu(context))) return;
  await assertNoTensorLeak(() => {
    const [a, b] = tf.tidy(() => [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))]) as [
      tf.Variable,
      tf.Variable,
    ];
    const constant = tf.tensor1d([7, 8]);
    const step = compile(
      ({ x, n }) => {
        const old = a.clone();
        a.assign(b as tf.Tensor as tf.Scalar);
        b.assign(old as tf.Scalar);
        return { x, n, a, constant, made: tf.scalar(5), sum: x.add(constant) };
      },
      { inputs: { x: [2], n: { shape: [], dtype: "int32" } } },
    );
    const x = tf.tensor1d([3, 4]);
    for (let i = 0; i < 6; i++) {
      const outputs = step({ x, n: i });
      const values = Object.values(outputs).map((each) => [...each.dataSync()]);
      assert.deepEqual(values, [[3, 4], [i], [i % 2 ? 1 : 2], [7, 8], [5], [10, 12]]);
      tf.dispose(outputs);
    }
    assert.equal(step.graphs, 1);
    step.dispose();
    assert.deepEqual([a.dataSync()[0], b.dataSync()[0]], [1, 2]);
    tf.dispose([a, b, constant, x]);
  });
});

test("a tensor of the closure that is disposed and put in anew is found at once", async (context) => {
  if (!(await startedWebGpu(context))) return;
  await assertNoTensorLeak(() => {
    let scale = tf.scalar(2);
    const step = compile(({ x }) => x.mul(scale), { inputs: { x: [2] } });
    const x = tf.tensor1d([1, 2]);
    for (const value of [2, 2, 2, 3, 3, 3, 4, 5]) {
      if (value !== scale.dataSync()[0]) {
        scale.dispose();
        scale = tf.scalar(value);
      }
      assert.deepEqual(read(step({ x })), [value, 2 * value]);
    }
    step.dispose();
    tf.dispose([scale, x]);
  });
});

test("what can't be repeated is refused by name", async (context) => {
  if (!(await startedWebGpu(context))) return;
  const x = tf.tensor1d([1, 2]);
  let count = 0;
  const refused: [RegExp, (x: tf.Tensor) => tf.Tensor][] = [
    [/reads values of a tensor that depends on the inputs/, (x) => x.mul(x.add(1).dataSync()[0]!)],
    [/`tf.randomUniform` draws random numbers/, (x) => x.mul(tf.randomUniform([2], 0, 1, "float32", 3))],
    [/Math.random draws random numbers/, (x) => x.mul(Math.random())],
    [/did not do the same in two runs: input 2 of the operation mul differs/, (x) => x.mul(++count)],
    [/did not do the same in two runs/, (x) => (++count % 2 ? x.tanh() : x.exp())],
    [/creates the variable .* at every call/, (x) => x.mul(tf.variable(tf.scalar(1)))],
  ];
  for (const [message, body] of refused) {
    const step = compile(({ x }) => body(x), { inputs: { x: [2] } });
    assert.throws(() => {
      for (let i = 0; i < 4; i++) step({ x }).dispose();
    }, message);
    step.dispose();
  }
  x.dispose();
  tf.disposeVariables();
});

test("StepRandom draws anew at each call: such a step runs eagerly", async (context) => {
  if (!(await startedWebGpu(context))) return;
  const random = new StepRandom(3);
  const step = compile(({ x }) => random.dropout(x, 0.5), { inputs: { x: [64] } });
  const x = tf.ones([64]);
  const masks = new Set(Array.from({ length: 5 }, () => read(step({ x })).join()));
  assert.equal(masks.size, 5);
  step.dispose();
  random.dispose();
  x.dispose();
});

test("gradients around a call and steps inside of steps are those of eager code", async (context) => {
  if (!(await startedWebGpu(context))) return;
  await assertNoTensorLeak(() => {
    const square = compile(({ x }) => x.square(), { inputs: { x: [null] } });
    const twice = compile(({ x }) => square({ x: square({ x }) }), { inputs: { x: [null] } });
    const x = tf.tensor1d([1, 2, 3]);
    for (let i = 0; i < 5; i++) {
      assert.deepEqual(read(square({ x })), [1, 4, 9]);
      assert.deepEqual(read(twice({ x })), [1, 16, 81]);
      assert.deepEqual(read(tf.grad((given) => square({ x: given as tf.Tensor1D }).sum())(x)), [2, 4, 6]);
    }
    square.dispose();
    twice.dispose();
    x.dispose();
  });
});

test("buffers are as many after a hundred epochs as after one, and none are left when the step is gone", async (context) => {
  if (!(await startedWebGpu(context))) return;
  const used = () => (tf.memory() as unknown as { numBytesInGPU: number }).numBytesInGPU;
  const before = used();
  const weights = tf.tidy(() => tf.variable(tf.ones([100])));
  const adam = new Adam([weights]);
  const step = compile(({ x }) => adam.minimize(() => x.mul(weights).square().mean(), 0.01), {
    inputs: { x: [null, 100] },
  });
  const epoch = () => {
    for (const size of [8, 8, 3])
      tf.tidy(() => {
        step({ x: tf.ones([size, 100]) });
      });
  };
  for (let i = 0; i < 3; i++) epoch();
  const early = used();
  for (let i = 0; i < 100; i++) epoch();
  weights.dataSync();
  assert.equal(used(), early);
  step.dispose();
  adam.dispose();
  weights.dispose();
  tf.scalar(1).add(1).dataSync();
  assert.ok(used() - before < 64, `${used() - before} bytes are left`);
});
