import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { UserError } from "../runtime/user-error";
import { pearson, ranks, spearman } from "./correlation";
import { readScoreGoldens } from "./goldens/scores.fixture";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= 1e-9, `${actual} is not ${expected}`);

for (const golden of readScoreGoldens().correlations) {
  test(`correlations of ${golden.first.length} numbers agree with SciPy`, () => {
    near(pearson(golden.first, golden.second), golden.pearson);
    near(spearman(golden.first, golden.second), golden.spearman);
  });
}

test("equal numbers share the mean of their ranks", () => {
  assert.deepEqual([...ranks([3, 1, 3, 0, 3])], [4, 2, 4, 1, 4]);
});

test("correlations lie in −1 … 1, are symmetric, and ranks don't see a rising function", () => {
  const numbers = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 8, maxLength: 8 });
  return fc.assert(
    fc.property(numbers, numbers, (first, second) => {
      for (const correlate of [pearson, spearman]) {
        const value = correlate(first, second);
        assert.ok(Number.isNaN(value) || (value >= -1 && value <= 1));
        assert.ok(Object.is(value, correlate(second, first)));
        if (!Number.isNaN(correlate(first, first))) near(correlate(first, first), 1);
      }
      assert.ok(
        Object.is(
          spearman(first, second),
          spearman(
            first.map((value) => value ** 3),
            second,
          ),
        ),
      );
    }),
    { numRuns: 200, seed: 1904 },
  );
});

test("a list that is the same everywhere has no correlation, whatever its last digit does", () => {
  const tenths = new Array(49).fill(0.1);
  const other = tenths.map((_, i) => i);
  assert.ok(Number.isNaN(pearson(tenths, other)));
  assert.ok(Number.isNaN(spearman(other, tenths)));
});

test("lists that don't pair up are refused in a sentence", () => {
  const refused: [number[], number[], RegExp][] = [
    [[1, 2], [1], /of 2 and 1/],
    [[1], [1], /of 1 and 1/],
    [[1, Number.NaN], [1, 2], /Number 1 .* NaN/],
  ];
  for (const [first, second, message] of refused) {
    assert.throws(
      () => spearman(first, second),
      (error) => error instanceof UserError && message.test(error.message),
    );
  }
});
