import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import { bootstrapAccuracy, bootstrapComparison } from "./bootstrap";

test("the standard error is that of a mean, and groups that are drawn together have fewer to draw", () => {
  const stream = randomStream(2, "bootstrap test");
  const answers = Array.from({ length: 200 }, () => Number(stream.uniform() < 0.7));
  const alone = bootstrapAccuracy(answers);
  const expected = Math.sqrt((alone.mean * (1 - alone.mean)) / 200);
  assert.ok(Math.abs(alone.standardError / expected - 1) < 0.05, `${alone.standardError} ${expected}`);
  const twice = [...answers, ...answers];
  const grouped = bootstrapAccuracy(twice, { groups: twice.map((_, i) => i % 200) });
  assert.equal(grouped.groups, 200);
  assert.ok(Math.abs(grouped.standardError / alone.standardError - 1) < 0.05, "copies add nothing");
});

test("intervals of forty items hold the truth in about 95 of 100 cases", () => {
  const stream = randomStream(3, "bootstrap coverage");
  let held = 0;
  for (let round = 0; round < 120; round++) {
    const answers = Array.from({ length: 40 }, () => Number(stream.uniform() < 0.75));
    const { lower, upper } = bootstrapAccuracy(answers, { seed: round });
    held += Number(lower <= 0.75 && upper >= 0.75);
  }
  assert.ok(held >= 108, `${held} of 120`);
});

test("where all answers are right the interval still says how little so few items show", () => {
  const { mean, lower, upper } = bootstrapAccuracy([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  assert.deepEqual([mean, upper], [1, 1]);
  assert.ok(lower > 0.5 && lower < 0.75, `${lower}`);
});

test("a difference is paired: what is hard for both cancels, and its smallest detectable size shrinks with items", () => {
  const make = (count: number) => {
    const stream = randomStream(4, "bootstrap pairs");
    const second = Array.from({ length: count }, () => Number(stream.uniform() < 0.5));
    return [second.map((answer, i) => (i % 10 === 0 ? 1 : answer)), second] as const;
  };
  const few = bootstrapComparison(...make(40));
  const many = bootstrapComparison(...make(640));
  assert.ok(many.detected && many.mean > 0.03, `${many.mean}`);
  assert.ok(few.smallestDetectable! > 3 * many.smallestDetectable!);
  const wider = bootstrapComparison(...make(640), { comparisons: 4 });
  assert.ok(wider.upper - wider.lower > many.upper - many.lower);
  const same = bootstrapComparison([1, 0, 1], [1, 0, 1]);
  assert.deepEqual([same.mean, same.detected, same.smallestDetectable], [0, false, undefined]);
});

test("what can't be judged is refused", () => {
  const refused = (action: () => unknown, words: RegExp) =>
    assert.throws(action, (error) => error instanceof UserError && words.test(error.message));
  refused(() => bootstrapAccuracy([1]), /at least two items/);
  refused(() => bootstrapAccuracy([1, 2]), /Answer 1.*0 … 1/);
  refused(() => bootstrapAccuracy([1, 0, 1], { groups: [1, 2] }), /2 groups for 3 items/);
  refused(() => bootstrapComparison([1, 0], [1]), /2 and 1/);
});
