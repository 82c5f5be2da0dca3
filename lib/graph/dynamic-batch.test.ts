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
