import assert from "node:assert/strict";
import * as fc from "fast-check";

/** The scores of one row, and which of its positions count. */
export interface Row {
  scores: number[];
  mask: boolean[];
}

/** A row of 1 to 12 positions with at least one that the mask keeps. */
export function rowsOf(score: fc.Arbitrary<number>): fc.Arbitrary<Row> {
  return fc
    .array(fc.tuple(score, fc.boolean()), { minLength: 1, maxLength: 12 })
    .map((pairs) => ({ scores: pairs.map(([e]) => e), mask: pairs.map(([, kept]) => kept) }))
    .filter(({ mask }) => mask.includes(true));
}

/** Rows with an order to put their positions in. */
export function permuted(rows: fc.Arbitrary<Row>): fc.Arbitrary<[Row, number[]]> {
  return rows.chain((row) => {
    const positions = row.scores.map((_, i) => i);
    return fc.tuple(fc.constant(row), fc.shuffledSubarray(positions, { minLength: positions.length }));
  });
}

/** The row with its positions in another order. */
export function inOrder({ scores, mask }: Row, order: readonly number[]): Row {
  return { scores: order.map((i) => scores[i]!), mask: order.map((i) => mask[i]!) };
}

/** Fails unless the numbers differ by no more than the tolerance. */
export function assertAllNear(actual: number[], expected: number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of actual.entries()) {
    assert.ok(Math.abs(value - expected[i]!) <= tolerance, `${value} at ${i}, not ${expected[i]}`);
  }
}
