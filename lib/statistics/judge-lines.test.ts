import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { randomStream } from "../runtime/random";
import { type Answer, answerTable, type Thing } from "./answer-table";
import { halvesAgreement } from "./halves";
import { judgeLines, thingsNeeded } from "./judge-lines";
import { accuracyInterval } from "./proportion";
import { simultaneousLevel } from "./simultaneous";

const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

const things: Thing[] = Array.from({ length: 40 }, (_, i) => ({
  name: `${i}`,
  group: `${i >> 1}`,
  className: i < 20 ? "bird" : "hoofed",
}));

/** Answers that are right as often as said, in five repeats. */
function tableOf(accuracies: Record<string, number>, seed = 1) {
  const stream = randomStream(seed, "answers");
  const answers: Answer[] = Object.entries(accuracies).flatMap(([line, accuracy]) =>
    things.flatMap(({ name }) =>
      [0, 1, 2, 3, 4].map((repeat) => ({
        line,
        thing: name,
        repeat,
        fold: 0,
        correct: Number(stream.uniform() < accuracy),
      })),
    ),
  );
  return answerTable(things, answers);
}

test("what is plainly better is found, what is alike is not, and the verdict is what the interval says", () => {
  const table = tableOf({ good: 0.9, alike: 0.9, poor: 0.3 });
  const { comparisons, lines } = judgeLines(table, [
    ["good", "poor"],
    ["poor", "alike"],
    ["good", "alike"],
  ]);
  assert.deepEqual(
    comparisons.map(({ verdict }) => verdict),
    ["first", "second", "neither"],
  );
  const [better, worse] = comparisons;
  near(better!.difference, lines[0]!.accuracy - lines[2]!.accuracy);
  assert.ok(better!.lower > 0 && worse!.upper < 0);
  for (const { standardError, variance, smallestDetectable, lower, upper } of comparisons) {
    near(standardError ** 2, variance.things + variance.repeats + variance.drawn);
    // Half an interval would be found in one case of two.
    assert.ok(smallestDetectable > (upper - lower) / 2);
  }
});

test("the other way round is the same with its sign changed, and a line against itself is nothing at all", () => {
  const table = tableOf({ a: 0.7, b: 0.4 });
  const [forth] = judgeLines(table, [["a", "b"]]).comparisons;
  const [back, none] = judgeLines(table, [
    ["b", "a"],
    ["a", "a"],
  ]).comparisons;
  near(back!.difference, -forth!.difference);
  near(back!.standardError, forth!.standardError);
  assert.deepEqual([none!.difference, none!.standardError, none!.verdict], [0, 0, "neither"]);
  assert.deepEqual(judgeLines(table, [["a", "b"]]).comparisons, [forth]);
});

test("more comparisons read together widen each interval, though by less than Bonferroni does", () => {
  const table = tableOf({ a: 0.8, b: 0.6, c: 0.5 });
  const width = (pairs: [string, string][]) => {
    const { lower, upper } = judgeLines(table, pairs).comparisons[0]!;
    return upper - lower;
  };
  const [one, three] = [
    width([["a", "b"]]),
    width([
      ["a", "b"],
      ["a", "c"],
      ["b", "c"],
    ]),
  ];
  assert.ok(three > 1.1 * one && three < 1.3 * one, `${three / one}`);
});

test("accuracies and differences never leave what they can be", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0, 0.01, 0.5, 0.99, 1),
      fc.constantFrom(0, 0.02, 1),
      fc.nat(),
      (a, b, seed) => {
        const { lines, comparisons } = judgeLines(tableOf({ a, b }, seed), [["a", "b"]]);
        for (const { accuracy, lower, upper } of lines) {
          assert.ok(0 <= lower && lower <= accuracy && accuracy <= upper && upper <= 1);
          assert.ok(upper - lower > 0.01, "all right in 40 things does not prove perfection");
        }
        for (const { lower, upper, difference } of comparisons)
          assert.ok(-1 <= lower && lower <= difference && difference <= upper && upper <= 1);
      },
    ),
    { numRuns: 30 },
  );
});

test("for independent answers the interval of an accuracy is Wilson's", () => {
  // 8 of 10 (Wilson 1927's formula by hand: centre (0.8 + 0.19207) / 1.38415).
  const independent = { mean: 0.8, standardError: Math.sqrt(0.016), freedom: 1e9 };
  const { lower, upper } = accuracyInterval(independent, {
    classOfGroup: new Int32Array(10),
    cells: new Int32Array(10),
  });
  near(lower, 0.4901625, 1e-6);
  near(upper, 0.9433178, 1e-6);
});

test("the simultaneous level is Šidák's for independent comparisons, Tukey's for pairs of three, 5 % for one in disguise", () => {
  const level = (rows: number[][]) =>
    simultaneousLevel(
      rows.map((row) => Float64Array.from(row)),
      0.05,
      randomStream(1, "level"),
      100_000,
    );
  near(
    level([
      [1, 0, 0],
      [0, 2, 0],
      [0, 0, 1],
    ]),
    1 - 0.95 ** (1 / 3),
    0.001,
  );
  // The studentised range of three at 95 % and infinite degrees of freedom is 3.314: 2 Φ(−3.314 / √2).
  near(
    level([
      [1, -1, 0],
      [1, 0, -1],
      [0, 1, -1],
    ]),
    0.0191,
    0.001,
  );
  near(
    level([
      [1, 2, 3],
      [2, 4, 6],
      [-1, -2, -3],
    ]),
    0.05,
    0.002,
  );
  near(level([[1, 2, 3]]), 0.05);
});

test("how many things would do follows from what falls with their number", () => {
  const comparison = {
    standardError: 0.02,
    smallestDetectable: 0.06,
    variance: { things: 0.0003, repeats: 0.0001, drawn: 0 },
  };
  assert.equal(thingsNeeded(comparison, 200, 0.06), 200);
  // Half the difference wants a quarter of the variance, 0.0001: all that the repeats leave.
  assert.equal(thingsNeeded(comparison, 200, 0.03), Number.POSITIVE_INFINITY);
  assert.equal(
    thingsNeeded({ ...comparison, variance: { things: 0.0004, repeats: 0, drawn: 0 } }, 200, 0.03),
    800,
  );
  assert.throws(() => thingsNeeded(comparison, 200, 0), /UserError: The difference/);
});

test("halves that claim half of their error are caught, and honest ones pass", () => {
  const stream = randomStream(1, "halves");
  const pairs = (claimed: number) =>
    Array.from({ length: 60 }, () => ({
      first: { estimate: 0.4 + 0.02 * stream.normal(), standardError: claimed },
      second: { estimate: 0.4 + 0.02 * stream.normal(), standardError: claimed },
    }));
  const honest = halvesAgreement(pairs(0.02));
  assert.ok(honest.lower < 1 && honest.upper > 1, `${honest.standardDeviation}`);
  const bold = halvesAgreement(pairs(0.01));
  assert.ok(bold.lower > 1.3, `${bold.lower}`);
  // χ² with 60 degrees of freedom: 40.482 and 83.298 at 2.5 % and 97.5 %.
  near(bold.standardDeviation / bold.lower, Math.sqrt(83.298 / 60), 0.001);
  near(bold.standardDeviation / bold.upper, Math.sqrt(40.482 / 60), 0.001);
  assert.throws(() => halvesAgreement([]), /UserError: .*at least two pairs/);
  assert.throws(() => halvesAgreement(pairs(0)), /UserError: A standard error of pair 0/);
});

test("what can't be judged is refused in a sentence", () => {
  const table = tableOf({ a: 0.5, b: 0.5 });
  assert.throws(
    () => judgeLines(table, [["a", "c"]]),
    /UserError: There is no line "c" to compare; there are "a", "b"/,
  );
  assert.throws(
    () => judgeLines(table, Array(7).fill(["a", "b"])),
    /UserError: The number of comparisons .* 0 … 6/,
  );
  const answers = things.map(({ name }) => ({ line: "a", thing: name, repeat: 0, fold: 0, correct: 1 }));
  assert.throws(() => judgeLines(answerTable(things, answers), []), /UserError: .*at least two repeats/);
  const alone = things.map((thing) => (thing.className === "bird" ? { ...thing, group: "one" } : thing));
  const twice = answers.flatMap((answer) => [answer, { ...answer, repeat: 1 }]);
  assert.throws(
    () => judgeLines(answerTable(alone, twice), []),
    /UserError: The class "bird" has a single group/,
  );
});
