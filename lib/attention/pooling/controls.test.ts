import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { assertNear } from "../goldens/golden.fixture";
import { assertSeeded } from "./first-weights.fixture";
import { FrozenScoreAttention } from "./frozen-score-attention";
import { hiddenLayer } from "./hidden-layer";
import { HiddenThenAttentionPooling } from "./hidden-then-attention-pooling";
import { HiddenThenMeanPooling } from "./hidden-then-mean-pooling";

before(() => startTensorFlow());

const tokensOf = (positions: number) => tf.randomNormal<tf.Rank.R3>([2, positions, 5], 0, 1, "float32", 3);

test("a hidden layer equals the formula worked out by hand", async () => {
  const tokens = tf.tensor3d([1, 2, -1, 0], [1, 2, 2]);
  const parameters = { hiddenKernel: tf.tensor2d([1, -1, 0, 2], [2, 2]), hiddenBias: tf.tensor1d([0.5, -1]) };
  const hidden = await assertNoTensorLeak(() => hiddenLayer(tokens, parameters));
  // W h + b is (1.5, 2) and (−0.5, 0).
  assertNear(hidden, { shape: [1, 2, 2], data: [1.5, 2, 0, 0] }, "hidden");
});

test("attention on a hidden layer starts as the mean of that hidden layer, and has a gradient to leave it by", () => {
  tf.tidy(() => {
    const attention = new HiddenThenAttentionPooling({ hiddenUnits: 4, units: 3, seed: 1 });
    const mean = new HiddenThenMeanPooling({ units: 4, seed: 1 });
    const tokens = tokensOf(6);
    for (const layer of [attention, mean]) layer.build(tokens.shape);
    mean.setWeights([attention.parameters.hiddenKernel, attention.parameters.hiddenBias]);
    const [context, weights] = attention.apply(tokens);
    assertNear(context, mean.apply(tokens)[0], "context");
    assertNear(weights, tf.fill([2, 1, 6], 1 / 6), "weights");
    const loss = () => attention.apply(tokens)[0].square().sum().asScalar();
    const { grads } = tf.variableGrads(loss, attention.variables);
    const vector = attention.parameters.scoreVector as tf.Variable;
    assert.ok(grads[vector.name]!.abs().max().dataSync()[0]! > 0.01);
  });
});

test("what is frozen is drawn, no optimiser moves it, and the rest learns", () => {
  for (const [frozen, learned] of [
    ["vector", ["keyProjection", "queryProjection", "query"]],
    ["score", []],
  ] as const) {
    const layer = new FrozenScoreAttention({ units: 3, frozen, seed: 1 });
    const tokens = tokensOf(6);
    layer.build(tokens.shape);
    const read = () =>
      Object.entries(layer.parameters).map(
        ([name, tensor]) => [name, [...(tensor as tf.Tensor).dataSync()]] as const,
      );
    const start = read();
    const classifier = tf.variable(tf.ones([5, 1]));
    const loss = () => tf.matMul(layer.apply(tokens)[0], classifier).sum().asScalar();
    const optimizer = tf.train.adam(0.1);
    optimizer.minimize(loss, false, [classifier, ...layer.variables]);
    const moved = read().filter(([, values], i) => values.some((value, j) => value !== start[i]![1][j]));
    assert.deepEqual(
      moved.map(([name]) => name),
      learned,
    );
    assert.ok(start.every(([, values]) => values.some((value) => value !== 0)));
    optimizer.dispose();
    layer.dispose();
    tf.dispose([tokens, classifier]);
  }
});

test("the larger the scale of a frozen vector, the fewer positions share the weight", () => {
  const [flat, usual, sharp] = [0.01, 1, 30].map((scale) =>
    tf.tidy(() => {
      const layer = new FrozenScoreAttention({ units: 3, frozen: "score", scale, seed: 1 });
      const [, weights] = layer.apply(tokensOf(20));
      return weights.square().sum(-1).mean().dataSync()[0]!;
    }),
  );
  assert.ok(Math.abs(flat! - 1 / 20) < 1e-4);
  assert.ok(usual! > flat! && sharp! > 2 * usual!, `${flat}, ${usual}, ${sharp}`);
});

test("equal seeds give equal weights, other seeds and other parameters give others", () => {
  assertSeeded((seed) => new FrozenScoreAttention({ units: 3, frozen: "score", seed }), [0, 1]);
  assertSeeded((seed) => new HiddenThenAttentionPooling({ hiddenUnits: 3, units: 3, seed }), [0, 2]);
});
