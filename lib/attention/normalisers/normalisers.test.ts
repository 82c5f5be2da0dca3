import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { compile } from "../../graph/compile";
import { nativeBackend } from "../../graph/native-backend";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { UserError } from "../../runtime/user-error";
import { assertNear } from "../goldens/golden.fixture";
import { type Normaliser, normalise } from "./normaliser";
import { testNormaliserGoldens } from "./normaliser-goldens.fixture";
import { assertAllNear, inOrder, permuted, type Row, rowsOf } from "./rows.fixture";

before(() => startTensorFlow());

testNormaliserGoldens();

const normalisers: Normaliser[] = [
  { kind: "softmax" },
  { kind: "softmax", temperature: 0.2 },
  { kind: "softmax", temperature: 5 },
  { kind: "sparsemax" },
  { kind: "entmax15" },
  { kind: "sigmoid" },
  { kind: "uniform" },
];
const nameOf = (normaliser: Normaliser) => JSON.stringify(normaliser);
const runs = { numRuns: 100, seed: 2016 };

/** A row of 1 to 12 positions with at least one that the mask keeps, and scores up to the limit, with ties. */
function rows(limit: number): fc.Arbitrary<Row> {
  const score = fc.oneof(
    fc.float({ min: Math.fround(-limit), max: Math.fround(limit), noNaN: true }),
    fc.constantFrom(0, 1, -1, 0.5),
  );
  return rowsOf(score);
}

function weigh({ scores, mask }: Row, normaliser: Normaliser): number[] {
  return tf.tidy(() => {
    const e = tf.tensor3d(scores, [1, 1, scores.length]);
    return [...normalise(e, normaliser, tf.tensor2d(mask.map(Number), [1, mask.length])).dataSync()];
  });
}

for (const normaliser of normalisers) {
  const sumsToOne = normaliser.kind !== "sigmoid";

  for (const limit of [4, 3.4e38]) {
    test(`${nameOf(normaliser)}: weights of scores up to ${limit} are in 0 … 1 and exactly zero where masked`, () => {
      return fc.assert(
        fc.property(rows(limit), (row) => {
          const weights = weigh(row, normaliser);
          assert.ok(
            weights.every((weight) => weight >= 0 && weight <= 1 + 1e-6),
            String(weights),
          );
          for (const [i, weight] of weights.entries()) if (!row.mask[i]) assert.equal(weight, 0);
          if (sumsToOne) assertAllNear([weights.reduce((a, b) => a + b)], [1], 2e-6);
        }),
        runs,
      );
    });
  }

  test(`${nameOf(normaliser)}: what is masked has no say, and a permutation of the scores permutes the weights`, () => {
    const rowsWithOrder = permuted(rows(5));
    return fc.assert(
      fc.property(rowsWithOrder, ([row, order]) => {
        const weights = weigh(row, normaliser);
        const moved = inOrder(row, order);
        const expected = order.map((i) => weights[i]!);
        assertAllNear(weigh(moved, normaliser), expected, 2e-6);
        const kept = row.scores.filter((_, i) => row.mask[i]);
        const alone = weigh({ scores: kept, mask: kept.map(() => true) }, normaliser);
        const weightsOfKept = weights.filter((_, i) => row.mask[i]);
        assertAllNear(weightsOfKept, alone, 2e-6);
      }),
      runs,
    );
  });

  test(`${nameOf(normaliser)}: ${sumsToOne ? "a constant added to all scores changes nothing, and one position gets weight one" : "a constant added to all scores opens or shuts the gates"}`, () => {
    // Whole numbers, so that float32 adds them without rounding.
    const whole = fc.integer({ min: -100, max: 100 });
    return fc.assert(
      fc.property(fc.array(whole, { minLength: 1, maxLength: 9 }), whole, (scores, constant) => {
        const mask = scores.map(() => true);
        const [before, after] = [scores, scores.map((e) => e + constant)].map((e) =>
          weigh({ scores: e, mask }, normaliser),
        );
        if (sumsToOne) assertAllNear(after!, before!, 1e-7);
        else
          assertAllNear(
            after!,
            scores.map((e) => 1 / (1 + Math.exp(-(e + constant)))),
            1e-6,
          );
        if (sumsToOne) assertAllNear(weigh({ scores: [constant], mask: [true] }, normaliser), [1], 0);
      }),
      runs,
    );
  });

  test(`${nameOf(normaliser)}: a row masked whole gets zeros in weight and gradient, whatever its scores`, () => {
    tf.tidy(() => {
      const scores = tf.tensor3d([3e38, -3e38, 0, 1, 0, 1], [2, 1, 3]);
      const mask = tf.tensor2d([0, 0, 0, 1, 1, 0], [2, 3]);
      const weigh = (e: tf.Tensor) => normalise(e as tf.Tensor3D, normaliser, mask);
      const upstream = tf.tensor3d([5, -2, 7, 5, -2, 7], [2, 1, 3]);
      const gradient = tf.grad((e) => weigh(e).mul(upstream).sum())(scores);
      assert.deepEqual([...weigh(scores).dataSync()].slice(0, 3), [0, 0, 0]);
      assertAllNear([...gradient.dataSync()].slice(0, 3), [0, 0, 0], 0);
      assertAllNear([gradient.dataSync()[5]!], [0], 0);
    });
  });

  test(`${nameOf(normaliser)}: leaves no tensor but the weights`, async () => {
    const [scores, mask] = [tf.ones<tf.Rank.R3>([2, 1, 3]), tf.ones<tf.Rank.R2>([2, 3])];
    await assertNoTensorLeak(() => normalise(scores, normaliser));
    await assertNoTensorLeak(() => normalise(scores, normaliser, mask));
    await assertNoTensorLeak(() =>
      tf.grad((e) =>
        normalise(e as tf.Tensor3D, normaliser, mask)
          .square()
          .sum(),
      )(scores),
    );
  });

  test(`${nameOf(normaliser)}: compiled equals eager, at every batch size, in weights and gradient`, () => {
    const work = (scores: tf.Tensor3D, mask: tf.Tensor2D) => {
      const weigh = (e: tf.Tensor) => normalise(e as tf.Tensor3D, normaliser, mask);
      return { weights: weigh(scores), gradient: tf.grad((e) => weigh(e).square().sum())(scores) };
    };
    const compiled = compile(({ scores, mask }) => work(scores, mask), {
      inputs: { scores: [null, 2, 7], mask: [null, 7] },
    });
    tf.tidy(() => {
      for (const batch of [3, 3, 3, 5, 2]) {
        const scores = tf.randomNormal<tf.Rank.R3>([batch, 2, 7], 0, 2, "float32", batch);
        const mask = tf
          .randomUniform<tf.Rank.R2>([batch, 7], 0, 1, "float32", batch)
          .greater<tf.Tensor2D>(0.3);
        const given = { scores, mask: mask.toFloat() };
        const [eager, graph] = [work(scores, given.mask), compiled(given)];
        for (const what of ["weights", "gradient"] as const) {
          assertNear(graph[what], eager[what], what, 1e-6);
        }
      }
    });
    if (nativeBackend()) assert.ok(compiled.graphs >= 1);
    compiled.dispose();
  });
}

test("sparsemax is the known point nearest to the scores", () => {
  const weights = weigh({ scores: [1, 0.5, -1], mask: [true, true, true] }, { kind: "sparsemax" });
  assertAllNear(weights, [0.75, 0.25, 0], 1e-7);
});

test("a lower temperature sharpens softmax, one beyond all bounds picks the best", () => {
  const row = { scores: [1, 2, 3], mask: [true, true, true] };
  const best = [5, 1, 0.2, 1e-30].map((temperature) => weigh(row, { kind: "softmax", temperature })[2]!);
  assert.deepEqual(best, [...best].sort());
  assert.equal(best[3], 1);
});

test("a temperature that is no number above 0 is refused", () => {
  for (const temperature of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const work = () => normalise(tf.ones([1, 1, 2]), { kind: "softmax", temperature });
    assert.throws(work, (error: Error) => {
      assert.match(error.message, /temperature must be a number above 0, not/);
      return error instanceof UserError;
    });
  }
});
