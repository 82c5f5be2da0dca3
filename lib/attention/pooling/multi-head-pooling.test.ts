import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { assertRefused } from "../assert-refused.fixture";
import { assertNear } from "../goldens/golden.fixture";
import { assertSeeded, assertStartsAsMean } from "./first-weights.fixture";
import { joinHeads, MultiHeadPooling, multiHeadScores } from "./multi-head-pooling";

before(() => startTensorFlow());

test("scores and the joined heads equal the formula worked out by hand", async () => {
  const identity = tf.eye(4);
  const parameters = {
    query: tf.tensor2d([[2, 0, 0, 4]]),
    queryProjection: identity,
    keyProjection: identity,
    valueProjection: tf.tensor2d([2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3], [4, 4]),
    outputProjection: tf.tensor2d([0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0], [4, 4]),
  };
  const tokens = tf.tensor3d([1, 9, 9, 2, 3, 9, 9, -1], [1, 2, 4]);
  const scores = await assertNoTensorLeak(() => multiHeadScores(tokens, parameters, 2));
  const root = Math.sqrt(2);
  assertNear(scores, { shape: [1, 2, 2], data: [2 / root, 6 / root, 8 / root, -4 / root] }, "scores");
  // The first head reads channels 0 and 1 of its mean, the second 2 and 3 of its own; W_o turns them round.
  const contexts = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4]);
  const joined = await assertNoTensorLeak(() => joinHeads(contexts, parameters));
  assertNear(joined, { shape: [1, 4], data: [24, 21, 4, 2] }, "joined");
});

test("a new layer is mean pooling in every head, and has gradients to leave it by", () => {
  assertStartsAsMean(new MultiHeadPooling({ heads: 2, seed: 3 }), {
    channels: 4,
    heads: 2,
    leaving: "query",
    least: 0.01,
  });
});

test("equal seeds give equal weights, other seeds and other parameters give others", () => {
  assertSeeded((seed) => new MultiHeadPooling({ heads: 1, seed }), [1, 2]);
});

test("what does not fit is refused with the layer's name, what it takes and what it got", () => {
  const layer = new MultiHeadPooling({ heads: 3, seed: 1, name: "heads" });
  assertRefused(
    () => layer.build([null, 7, 7, 16]),
    /^MultiHeadPooling "heads" expected tokens .*\[\?, 7, 7, 16\]/,
  );
  assertRefused(() => layer.build([null, 49, null]), /"heads" must know its number of channels/);
  assertRefused(() => layer.build([null, 49, 16]), /can't deal 16 channels evenly to 3 heads/);
  layer.build([null, 49, 12]);
  assertRefused(() => layer.apply(tf.ones([2, 49, 9])), /axis 2 of tokens must be 12, not 9/);
  assertRefused(() => new MultiHeadPooling({ heads: 0, seed: 1 }), /MultiHeadPooling: heads must be a whole/);
  assertRefused(() => new MultiHeadPooling({ heads: 1, seed: -1 }), /MultiHeadPooling: seed must be a whole/);
});
