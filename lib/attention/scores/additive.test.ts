import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { additiveScores } from "./additive";

before(() => startTensorFlow());

const parameters = () => ({
  keyProjection: tf.tensor2d([1, 0, 0, 2], [2, 2]),
  queryProjection: tf.tensor2d([0.5, -1], [1, 2]),
  scoreVector: tf.tensor2d([3, -1], [2, 1]),
});

test("scores equal the formula worked out by hand", () => {
  const scores = tf.tidy(() =>
    additiveScores(tf.tensor3d([1, 0, 0, 1], [1, 2, 2]), tf.tensor2d([[1]]), parameters()).dataSync(),
  );
  // W_s y = (0.5, −1); W_h h_1 = (1, 0); W_h h_2 = (0, 2)
  const expected = [
    3 * Math.tanh(1.5) - Math.tanh(-1), //
    3 * Math.tanh(0.5) - Math.tanh(1),
  ];
  for (const [i, score] of scores.entries()) assert.ok(Math.abs(score - expected[i]!) < 1e-6);
});

test("one query of the whole batch gives what the same query in every row gives", () => {
  tf.tidy(() => {
    const keys = tf.randomNormal<tf.Rank.R3>([4, 3, 2], 0, 1, "float32", 1);
    const shared = additiveScores(keys, tf.tensor2d([[0.7]]), parameters());
    const repeated = additiveScores(keys, tf.fill([4, 1], 0.7), parameters());
    assert.deepEqual(shared.shape, [4, 1, 3]);
    assert.deepEqual(shared.dataSync(), repeated.dataSync());
  });
});

test("no tensor is left but the scores", async () => {
  const [keys, query, given] = [tf.ones<tf.Rank.R3>([2, 3, 2]), tf.ones<tf.Rank.R2>([2, 1]), parameters()];
  const scores = await assertNoTensorLeak(() => additiveScores(keys, query, given));
  assert.deepEqual(scores.shape, [2, 1, 3]);
});
