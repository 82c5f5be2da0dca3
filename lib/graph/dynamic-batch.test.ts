import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { compile } from "./compile";
import { nativeBackend } from "./native-backend";
import { read } from "./read.fixture";

let graphs = 0;

before(async () => {
  await startTensorFlow();
  graphs = nativeBackend() ? 1 : 0;
});

test("a pure step becomes one graph for every batch size", () => {
  const kernel = tf.variable(tf.ones([4, 3]));
  const step = compile(
    ({ tokens, mask }) => {
      const [batch, positions, channels] = tokens.shape;
      const keys = tokens.reshape([batch * positions, channels]).matMul(kernel as tf.Tensor2D);
      return keys.reshape([batch, positions, 3]).mul(mask.expandDims(2)).sum([1]);
    },
    { inputs: { tokens: [null, 5, 4], mask: [null, 5] } },
  );
  for (const batch of [3, 3, 3, 1, 8, 2]) {
    const tokens = tf.fill([batch, 5, 4], batch);
    const mask = tf.ones<tf.Rank.R2>([batch, 5]);
    const output = step({ tokens, mask });
    assert.deepEqual(output.shape, [batch, 3]);
    assert.deepEqual(new Set(read(output)), new Set([20 * batch]));
    tf.dispose([tokens, mask]);
  }
  assert.equal(step.graphs, graphs);
  step.dispose();
  kernel.dispose();
});

test("a gradient becomes one graph for every batch size too, whose ones have the batch's shape", () => {
  const kernel = tf.tensor1d([1, 2, 3]);
  const step = compile(
    ({ tokens, upstream }) => tf.grad((x) => tf.mean(tf.mul(x, kernel), [1]))(tokens, upstream),
    { inputs: { tokens: [null, 2, 3], upstream: [null, 3] } },
  );
  for (const batch of [3, 3, 3, 1, 8]) {
    const tokens = tf.ones<tf.Rank.R3>([batch, 2, 3]);
    const upstream = tf.fill<tf.Rank.R2>([batch, 3], batch);
    const expected = Array.from({ length: batch * 6 }, (_, i) => (batch * ((i % 3) + 1)) / 2);
    assert.deepEqual([...read(step({ tokens, upstream }))], expected);
    tf.dispose([tokens, upstream]);
  }
  assert.equal(step.graphs, graphs);
  step.dispose();
  kernel.dispose();
});

test("a pure step that divides by the batch size gets a graph for each size", () => {
  const step = compile(({ x }) => x.sum().div(x.shape[0]), { inputs: { x: [null] } });
  for (const batch of [2, 2, 2, 4, 4, 4]) {
    const x = tf.ones([batch]);
    assert.deepEqual(read(step({ x })), [1]);
    x.dispose();
  }
  assert.equal(step.graphs, graphs * 2);
  step.dispose();
});

test("a pure step that works at one batch size only is compiled for that one", () => {
  const step = compile(({ x }) => x.reshape([2, 6]).sum(1), { inputs: { x: [null, 3] } });
  const x = tf.ones([4, 3]);
  for (let call = 0; call < 4; call++) assert.deepEqual(read(step({ x })), [6, 6]);
  assert.equal(step.graphs, graphs);
  step.dispose();
  x.dispose();
});

/** What a step gives compiled and eagerly at batch sizes one after the other. */
function assertSameAt(sizes: readonly number[], forward: (x: tf.Tensor2D) => tf.Tensor, columns = 2): number {
  const step = compile(({ x }) => forward(x as tf.Tensor2D), { inputs: { x: [null, columns] } });
  for (const size of sizes)
    tf.tidy(() => {
      const x = tf.range(0, size * columns).reshape<tf.Tensor2D>([size, columns]);
      const [given, expected] = [step({ x }), forward(x)];
      assert.deepEqual(given.shape, expected.shape, `batch ${size}`);
      assert.deepEqual([...given.dataSync()], [...expected.dataSync()], `batch ${size}`);
    });
  const { graphs } = step;
  step.dispose();
  return graphs;
}

test("a step that follows from its batch size in any other way is right at every size", () => {
  const steps: Record<string, (x: tf.Tensor2D) => tf.Tensor> = {
    square: (x) =>
      tf
        .ones([x.shape[0] ** 2])
        .sum()
        .add(x.sum()),
    half: (x) => x.slice([0, 0], [Math.floor(x.shape[0] / 2), 1]).sum(),
    minimum: (x) => tf.topk(x.flatten(), Math.min(4, x.size)).values.mean(),
    threshold: (x) => (x.shape[0] > 8 ? x.mul(10) : x).sum(),
    parity: (x) => (x.shape[0] % 2 ? x : x.neg()),
    power: (x) => tf.zeros([2 ** x.shape[0]]),
  };
  const orders = [
    [8, 8, 8, 4, 16, 4, 16, 16, 8],
    [4, 4, 9, 9, 9, 8, 10, 4],
    [1, 1, 1, 8, 8, 8, 2, 1],
    [2, 2, 3, 3, 9, 2],
    [0, 0, 0, 4, 4, 4, 0, 8],
    [4, 4, 0, 0, 0, 4],
  ];
  for (const forward of Object.values(steps)) for (const sizes of orders) assertSameAt(sizes, forward);
});

test("batch 0 comes first, and the sizes after it have one graph", () => {
  const count = assertSameAt([0, 0, 0, 4, 4, 4, 8, 1], (x) =>
    x
      .reshape([x.shape[0] * 2])
      .add(1)
      .sum(),
  );
  assert.equal(count, graphs);
});

test("two inputs of unlike first axes are no batch: every pair has a graph of its own", () => {
  const forward = ({ a, b }: { a: tf.Tensor1D; b: tf.Tensor1D }) =>
    tf
      .ones([b.shape[0] + 1])
      .sum()
      .add(a.sum());
  const step = compile(forward, { inputs: { a: [null], b: [null] } });
  for (const [n, m] of [
    [4, 8],
    [4, 8],
    [4, 8],
    [6, 12],
    [6, 13],
    [6, 13],
    [5, 5],
    [5, 5],
    [7, 7],
  ] as const)
    tf.tidy(() => {
      const [a, b] = [tf.ones<tf.Rank.R1>([n]), tf.ones<tf.Rank.R1>([m])];
      assert.deepEqual(read(step({ a, b })), [n + m + 1], `${n}, ${m}`);
    });
  step.dispose();
});

test("each size is looked at once: the step's code runs no more for sizes that it ran for", () => {
  let runs = 0;
  const step = compile(
    ({ x }) => {
      runs++;
      return x.mul(2);
    },
    { inputs: { x: [null] } },
  );
  const call = (size: number) => tf.tidy(() => void step({ x: tf.ones([size]) }));
  for (const size of [4, 4, 5, 6, 7]) call(size);
  const after = runs;
  for (const size of [4, 5, 6, 7, 7, 6, 5, 4]) call(size);
  assert.equal(runs, graphs ? after : after + 8);
  step.dispose();
});

test("looking at a size that nobody gave leaves no trace in any variable", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const count = tf.tidy(() => tf.variable(tf.scalar(0)));
  const step = compile(
    ({ x }) => {
      if (x.shape[0] < 3) count.assign(count.add(1));
      return x.mul(2);
    },
    { inputs: { x: [null] } },
  );
  for (const size of [4, 4, 4, 5, 5]) tf.tidy(() => void step({ x: tf.ones([size]) }));
  assert.equal(count.dataSync()[0], 0);
  for (const size of [2, 2, 2, 2]) tf.tidy(() => void step({ x: tf.ones([size]) }));
  assert.equal(count.dataSync()[0], 4);
  step.dispose();
  count.dispose();
});
