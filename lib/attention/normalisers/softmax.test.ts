import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { assertAllNear, inOrder, permuted, type Row, rowsOf } from "./rows.fixture";
import { softmaxWeights } from "./softmax";

before(() => startTensorFlow());

const runs = { numRuns: 200, seed: 2015 };

/** A row of 1 to 12 positions with at least one that the mask keeps. */
function rows(limit: number): fc.Arbitrary<Row> {
  const score = fc.float({ min: Math.fround(-limit), max: Math.fround(limit), noNaN: true });
  return rowsOf(score);
}

function weigh({ scores, mask }: Row): number[] {
  return tf.tidy(() => {
    const e = tf.tensor3d(scores, [1, 1, scores.length]);
    return [...softmaxWeights(e, tf.tensor2d(mask.map(Number), [1, mask.length])).dataSync()];
  });
}

function reference({ scores, mask }: Row): number[] {
  const top = Math.max(...scores.filter((_, i) => mask[i]));
  const raised = scores.map((e, i) => (mask[i] ? Math.exp(e - top) : 0));
  const total = raised.reduce((a, b) => a + b);
  return raised.map((value) => value / total);
}

test("weights equal the formula, sum to one, and are exactly zero where masked", () => {
  return fc.assert(
    fc.property(rows(30), (row) => {
      const weights = weigh(row);
      assertAllNear(weights, reference(row), 1e-5);
      assertAllNear([weights.reduce((a, b) => a + b)], [1], 1e-5);
      for (const [i, weight] of weights.entries()) if (!row.mask[i]) assert.equal(weight, 0);
    }),
    runs,
  );
});

test("scores as large as float32 goes don't overflow", () => {
  return fc.assert(
    fc.property(rows(3.4e38), (row) => assertAllNear(weigh(row), reference(row), 1e-5)),
    runs,
  );
});

test("permuting the positions permutes the weights", () => {
  const rowsWithOrder = permuted(rows(10));
  return fc.assert(
    fc.property(rowsWithOrder, ([row, order]) => {
      const weights = weigh(row);
      const moved = inOrder(row, order);
      const expected = order.map((i) => weights[i]!);
      assertAllNear(weigh(moved), expected, 1e-6);
    }),
    runs,
  );
});

test("adding a constant to all scores changes nothing", () => {
  const whole = fc.integer({ min: -1000, max: 1000 });
  return fc.assert(
    // Whole numbers, so that float32 adds them without rounding.
    fc.property(fc.array(whole, { minLength: 1, maxLength: 9 }), whole, (scores, constant) => {
      const mask = scores.map(() => true);
      assert.deepEqual(weigh({ scores, mask }), weigh({ scores: scores.map((e) => e + constant), mask }));
    }),
    runs,
  );
});

test("one position gets weight one", () => {
  return fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (score) =>
      assert.deepEqual(weigh({ scores: [score], mask: [true] }), [1]),
    ),
    runs,
  );
});

test("a mask of ones gives what no mask gives", () => {
  tf.tidy(() => {
    const scores = tf.randomNormal<tf.Rank.R3>([4, 2, 9], 0, 3, "float32", 7);
    const difference = softmaxWeights(scores)
      .sub(softmaxWeights(scores, tf.ones([4, 9])))
      .abs()
      .max();
    assert.ok(difference.dataSync()[0]! < 1e-6);
  });
});

test("a row masked completely gets zeros, in weight and in gradient, and leaves its neighbours alone", () => {
  tf.tidy(() => {
    const scores = tf.tensor3d([1, 2, 3, 4], [2, 1, 2]);
    const mask = tf.tensor2d([0, 0, 1, 1], [2, 2]);
    const upstream = tf.tensor3d([5, -2, 5, -2], [2, 1, 2]);
    const weights = softmaxWeights(scores, mask).dataSync();
    const gradient = tf.grad((e) =>
      softmaxWeights(e as tf.Tensor3D, mask)
        .mul(upstream)
        .sum(),
    )(scores);
    const [low, high] = [1 / (1 + Math.E), Math.E / (1 + Math.E)];
    assertAllNear([...weights], [0, 0, low, high], 1e-6);
    assertAllNear([...gradient.dataSync()], [0, 0, 7 * low * high, -7 * low * high], 1e-6);
  });
});

test("a mask that is computed from what is trained carries no gradient and stops none", () => {
  tf.tidy(() => {
    const e = tf.tensor3d([1, -1, 2], [1, 1, 3]);
    const upstream = tf.tensor3d([5, 7, -2], [1, 1, 3]);
    const kept = (x: tf.Tensor) => x.greater(0).reshape<tf.Tensor2D>([1, 3]);
    const loss = (x: tf.Tensor, mask: tf.Tensor2D) =>
      softmaxWeights(x as tf.Tensor3D, mask)
        .mul(upstream)
        .sum();
    const moving = tf.grad((x) => loss(x, kept(x)))(e);
    const fixed = tf.grad((x) => loss(x, kept(e)))(e);
    assert.deepEqual(moving.dataSync(), fixed.dataSync());
  });
});

test("booleans, whole and broken numbers are all masks", () => {
  tf.tidy(() => {
    const scores = tf.tensor3d([1, 2, 3], [1, 1, 3]);
    const expected = softmaxWeights(scores, tf.tensor2d([1, 0, 1], [1, 3])).dataSync();
    assert.deepEqual(softmaxWeights(scores, tf.tensor2d([1, 0, 1], [1, 3], "bool")).dataSync(), expected);
    assert.deepEqual(softmaxWeights(scores, tf.tensor2d([7, 0, 0.25], [1, 3])).dataSync(), expected);
  });
});

test("no tensor is left but the weights", async () => {
  const [scores, mask] = [tf.ones<tf.Rank.R3>([2, 1, 3]), tf.ones<tf.Rank.R2>([2, 3])];
  await assertNoTensorLeak(() => softmaxWeights(scores, mask));
  await assertNoTensorLeak(() =>
    tf.grad((e) =>
      softmaxWeights(e as tf.Tensor3D, mask)
        .square()
        .sum(),
    )(scores),
  );
});
