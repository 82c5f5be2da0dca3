import assert from "node:assert/strict";
import { test } from "node:test";
import { rankAgreement } from "./rank-agreement";

const things = Array.from({ length: 20 }, (_, scene) => `thing ${scene % 10}`);
/** Each method's score is its number, times a factor, plus what the scene adds to all. */
const scores = (factors: readonly number[]) =>
  things.map((_, scene) => factors.map((factor) => factor + Math.sin(scene)));

test("equal rankings agree at 1, opposite ones at −1, whatever is drawn", () => {
  const same = rankAgreement(scores([1, 2, 3, 4]), scores([10, 20, 30, 40]), things);
  assert.deepEqual(same, { agreement: 1, lower: 1, upper: 1 });
  const opposite = rankAgreement(scores([1, 2, 3, 4]), scores([4, 3, 2, 1]), things);
  assert.deepEqual(opposite, { agreement: -1, lower: -1, upper: -1 });
});

test("the agreement is Spearman's of the means, worked out by hand, and without an order it is 0", () => {
  // Ranks 1, 2, 3, 4 and 2, 1, 4, 3: 1 − 6 · 4 / (4 · 15) = 0.6.
  const found = rankAgreement(scores([1, 2, 3, 4]), scores([2, 1, 4, 3]), things);
  assert.ok(Math.abs(found.agreement - 0.6) < 1e-9);
  const flat = rankAgreement(
    scores([1, 2, 3]),
    things.map(() => [0.5, 0.5, 0.5]),
    things,
  );
  assert.deepEqual(flat, { agreement: 0, lower: 0, upper: 0 });
});

test("where a thing decides the order, the interval is wide; scenes without a number are left out", () => {
  const first = scores([1, 2]);
  const second = things.map((thing) => (thing === "thing 0" ? [0, 100] : [1, 0]));
  const found = rankAgreement(first, second, things);
  assert.deepEqual(found, { agreement: 1, lower: -1, upper: 1 });
  const missing = second.map((row, scene) => (things[scene] === "thing 0" ? [Number.NaN, Number.NaN] : row));
  assert.equal(rankAgreement(first, missing, things).agreement, -1);
  assert.deepEqual(rankAgreement(first, second, things), found);
});
