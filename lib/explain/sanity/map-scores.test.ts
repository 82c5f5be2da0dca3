import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { UserError } from "../../runtime/user-error";
import { readScoreGoldens } from "../goldens/scores.fixture";
import { uniformMap } from "../localisation/controls";
import type { RelevanceMap } from "../question";
import { jensenShannon, spreadOf, totalVariation } from "./divergence";
import { mapSimilarity } from "./map-similarity";
import { seedAgreement } from "./seed-agreement";

const runs = { numRuns: 200, seed: 2019 };
const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
const grid = (rows: number, columns: number, map: number[]): RelevanceMap => ({
  rows,
  columns,
  map: Float32Array.from(map),
});

const goldens = readScoreGoldens();
for (const golden of goldens.distributions) {
  test(`divergences of ${golden.first.length} weights agree with SciPy`, () => {
    near(jensenShannon(golden.first, golden.second), golden.jensenShannon);
    near(totalVariation(golden.first, golden.second), golden.totalVariation);
    near(spreadOf(golden.first).entropy, golden.entropy);
  });
}
for (const golden of goldens.similarities) {
  test(`structural similarity of ${golden.rows} × ${golden.columns} maps agrees with scikit-image`, () => {
    const [first, second] = [golden.first, golden.second].map((map) =>
      grid(golden.rows, golden.columns, map),
    );
    near(mapSimilarity(first!, second!, { window: golden.window }).ssim, golden.ssim, 1e-6);
    // Seven cells by default, or as many as fit.
    const isDefault = golden.window === Math.min(7, golden.rows, golden.columns);
    if (isDefault) near(mapSimilarity(first!, second!).ssim, golden.ssim, 1e-6);
  });
}

test("by hand: distributions that share nothing, and spreads from one position to all", () => {
  near(jensenShannon([1, 0], [0, 1]), Math.LN2);
  assert.equal(totalVariation([1, 0], [0, 1]), 1);
  near(totalVariation([0.5, 0.3, 0.2], [0.2, 0.3, 0.5]), 0.3);
  assert.deepEqual(spreadOf([0, 1, 0]), { entropy: 0, effectivePositions: 1 });
  near(spreadOf([0.25, 0.25, 0.25, 0.25]).effectivePositions, 4);
  near(spreadOf([0.5, 0, 0.5]).effectivePositions, 2);
});

const distributions = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 })
  .filter((amounts) => amounts.some((amount) => amount > 0))
  .map((amounts) => amounts.map((amount) => amount / amounts.reduce((sum, value) => sum + value, 0)));

test("divergences are symmetric, zero for equals alone, and within their bounds", () => {
  return fc.assert(
    fc.property(distributions, distributions, (p, q) => {
      near(jensenShannon(p, q), jensenShannon(q, p));
      assert.equal(totalVariation(p, q), totalVariation(q, p));
      assert.equal(jensenShannon(p, p), 0);
      const [divergence, distance] = [jensenShannon(p, q), totalVariation(p, q)];
      // Lin 1991: JSD is at most ln 2 times the total variation; Pinsker: at least half of its square.
      assert.ok(divergence <= Math.LN2 * distance + 1e-12 && divergence >= distance ** 2 / 2 - 1e-12);
      const { effectivePositions } = spreadOf(p);
      assert.ok(effectivePositions >= 1 - 1e-12 && effectivePositions <= 6 + 1e-9);
    }),
    runs,
  );
});

test("a map is like itself at every scale, and an inverted one is the opposite", () => {
  const maps = fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: 25, maxLength: 25 })
    .filter((map) => new Set(map).size > 1);
  return fc.assert(
    fc.property(maps, (values) => {
      const map = grid(5, 5, values);
      const same = mapSimilarity(
        map,
        grid(
          5,
          5,
          values.map((value) => value * 4),
        ),
      );
      near(same.spearman, 1);
      near(same.ssim, 1);
      const inverted = mapSimilarity(
        map,
        grid(
          5,
          5,
          values.map((value) => 9 - value),
        ),
      );
      near(inverted.spearman, -1);
      assert.ok(inverted.ssim < 1 && inverted.ssim >= -1);
    }),
    runs,
  );
});

test("agreement across seeds is the mean over their pairs", () => {
  const maps = [grid(1, 3, [1, 2, 5]), grid(1, 3, [2, 4, 10]), grid(1, 3, [5, 2, 1])];
  const agreement = seedAgreement(maps);
  // The first two are equal once scaled, and the third turns both around.
  near(agreement.spearman, (1 - 1 - 1) / 3);
  near(agreement.jensenShannon, (2 * jensenShannon([1 / 8, 2 / 8, 5 / 8], [5 / 8, 2 / 8, 1 / 8])) / 3);
  assert.ok(Number.isNaN(seedAgreement([maps[0]!, uniformMap(1, 3)]).spearman), "a uniform map has no ranks");
});

test("what can't be compared is refused in a sentence", () => {
  const map = grid(3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const refused: [() => unknown, RegExp][] = [
    [() => jensenShannon([0.5, 0.4], [0.5, 0.5]), /these 2 sum to 0\.9/],
    [() => totalVariation([1], [0.5, 0.5]), /1 and 2 numbers/],
    [() => spreadOf([1.5, -0.5]), /sum to NaN/],
    [() => mapSimilarity(map, uniformMap(1, 9)), /3 × 3 and 1 × 9/],
    [() => mapSimilarity(map, map, { window: 5 }), /window of 5 cells does not fit/],
    [() => mapSimilarity(map, map, { window: 2 }), /window of 2 cells does not fit/],
    [() => mapSimilarity(uniformMap(2, 2), uniformMap(2, 2)), /window of 1 cells does not fit/],
    [() => seedAgreement([map]), /two seeds or more, not of 1/],
    [() => seedAgreement([map, uniformMap(1, 9)]), /Map 1 has 1 × 9/],
    [() => seedAgreement([map, grid(3, 3, new Array(9).fill(0))]), /Map 1 is zero everywhere/],
  ];
  for (const [call, message] of refused) {
    assert.throws(
      call,
      (error) => error instanceof UserError && message.test(error.message),
      String(message),
    );
  }
});
