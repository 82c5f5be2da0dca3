import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { randomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import { comparePaired, meanInterval } from "./intervals";

const near = (actual: number, expected: number, tolerance = 1e-6) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

// Student's sleep data (Biometrika 1908), the textbook example of a paired t-test. R's
// t.test(extra ~ group, data = sleep, paired = TRUE) gives t = -4.0621, df = 9, p = 0.002833, interval -2.4598858 … -0.7001142.
const firstDrug = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const secondDrug = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

test("the paired comparison agrees with R on Student's sleep data", () => {
  const result = comparePaired(firstDrug, secondDrug, { testToTraining: 0 });
  near(result.mean, -1.58);
  near(result.lower, -2.4598858);
  near(result.upper, -0.7001142);
  near(result.pValue, 0.00283289);
  assert.ok(result.detected);
});

test("reading four comparisons together widens the interval and raises p fourfold", () => {
  const one = comparePaired(firstDrug, secondDrug, { testToTraining: 0 });
  const four = comparePaired(firstDrug, secondDrug, { testToTraining: 0, comparisons: 4 });
  near(four.pValue, one.pValue * 4);
  // R: qt(1 - 0.05 / 8, 9) / qt(0.975, 9) = 3.110929 / 2.262157
  near((four.upper - four.mean) / (one.upper - one.mean), 1.3752047, 1e-5);
});

test("overlapping splits widen the interval by √(1 + n·testing/training)", () => {
  const independent = meanInterval(firstDrug, { testToTraining: 0 });
  const overlapping = meanInterval(firstDrug, { testToTraining: 1 / 3 });
  near(
    (overlapping.upper - overlapping.mean) / (independent.upper - independent.mean),
    Math.sqrt(1 + 10 / 3),
  );
});

test("the interval holds the true mean in about 95 of 100 experiments, and noise alone is rarely called a difference", () => {
  const stream = randomStream(1, "coverage");
  let covered = 0;
  let falseAlarms = 0;
  const experiments = 4000;
  for (let i = 0; i < experiments; i++) {
    const draw = () => Array.from({ length: 5 }, () => 3 + 2 * stream.normal());
    const interval = meanInterval(draw(), { testToTraining: 0 });
    if (interval.lower <= 3 && interval.upper >= 3) covered++;
    if (comparePaired(draw(), draw(), { testToTraining: 0 }).detected) falseAlarms++;
  }
  near(covered / experiments, 0.95, 0.012);
  near(falseAlarms / experiments, 0.05, 0.012);
});

test("a true difference of the stated smallest size is detected in about four cases of five", () => {
  const stream = randomStream(2, "power");
  const runs = 10;
  const standardError = 1 / Math.sqrt(runs);
  // SciPy: 0.8 = nct.sf(t.ppf(0.975, 9), 9, 3.1496329)
  const difference = 3.1496329 * standardError;
  let detected = 0;
  let stated = 0;
  const experiments = 3000;
  for (let i = 0; i < experiments; i++) {
    const differences = Array.from({ length: runs }, () => difference + stream.normal());
    const result = comparePaired(differences, new Array(runs).fill(0), { testToTraining: 0 });
    if (result.detected) detected++;
    stated += result.smallestDetectable / experiments;
  }
  near(detected / experiments, 0.8, 0.03);
  near(stated, difference, 0.05);
});

test("a difference that never varies is certain, and no difference at all is none", () => {
  const certain = comparePaired([2, 3, 4], [1, 2, 3], { testToTraining: 0 });
  assert.deepEqual(
    [certain.mean, certain.pValue, certain.detected, certain.smallestDetectable],
    [1, Number.MIN_VALUE, true, 0],
  );
  const none = comparePaired([1, 2], [1, 2], { testToTraining: 0 });
  assert.deepEqual([none.pValue, none.detected], [1, false]);
});

test("the difference found in four cases of five is the exact one, with few runs and many questions too", () => {
  // Made so that the standard error is 1: n values ± 1 around 0 with a sum of squares of n (n − 1).
  const spread = (runs: number) => {
    const size = Math.sqrt((runs * (runs - 1)) / (runs - (runs % 2)));
    return Array.from({ length: runs }, (_, i) => (i === runs - 1 && runs % 2 ? 0 : i % 2 ? size : -size));
  };
  const stated = (runs: number, comparisons: number) =>
    comparePaired(spread(runs), new Array(runs).fill(0), { testToTraining: 0, comparisons })
      .smallestDetectable;
  near(stated(8, 5), 4.513875, 1e-5);
  near(stated(5, 10), 7.055574, 1e-5);
});

test("what can't be judged is refused in a sentence that names it", () => {
  const options = { testToTraining: 0 };
  const refused: [() => unknown, RegExp][] = [
    [() => meanInterval([1], options), /at least two runs, not 1/],
    [() => meanInterval([], options), /at least two runs, not 0/],
    [() => meanInterval([1, 2, Number.NaN], options), /the values, number 2, .* is NaN/],
    [() => meanInterval([1, "2" as unknown as number], options), /number 1, .* is "2"/],
    [() => comparePaired([1, 2], [1], options), /equally many runs .* 2 and 1/],
    [() => comparePaired([1, Number.NaN, 3], [1, 2, 3.5], options), /the first results, number 1, .* NaN/],
    [() => comparePaired([1, 2], [Infinity, 2], options), /the second results, number 0, .* Infinity/],
    [() => comparePaired([1, 2], [2, 1], { testToTraining: Number.NaN }), /testToTraining.* not NaN/],
    [() => meanInterval([1, 2], { testToTraining: -1 }), /testToTraining.* not -1/],
    [() => meanInterval([1, 2], { ...options, comparisons: 0 }), /comparisons.* not 0/],
    [() => comparePaired([1, 2], [2, 1], { ...options, comparisons: 2.5 }), /comparisons.* not 2\.5/],
    [() => meanInterval([1e200, -1e200], options), /too large/],
    [() => meanInterval([1e-200, 0], options), /too small/],
  ];
  for (const [judge, message] of refused)
    assert.throws(
      judge,
      (error) => error instanceof UserError && message.test(error.message),
      String(message),
    );
});

test("whatever is judged, nothing comes out as NaN and p lies in (0, 1]; a NaN is named by its place", () => {
  const result = fc
    .double({ noNaN: true, min: -1e6, max: 1e6 })
    .map((value) => Math.round(value * 1e6) / 1e6);
  const pairs = fc.array(fc.tuple(result, result), { minLength: 2, maxLength: 8 });
  return fc.assert(
    fc.property(pairs, fc.integer({ min: 1, max: 3 }), fc.nat(), (both, comparisons, at) => {
      const [first, second] = [both.map(([a]) => a), both.map(([, b]) => b)];
      const options = { testToTraining: 1 / 3, comparisons };
      const { pValue, detected, ...numbers } = comparePaired(first, second, options);
      assert.ok(pValue > 0 && pValue <= 1, `p is ${pValue}`);
      assert.ok(Object.values(numbers).every(Number.isFinite), JSON.stringify(numbers));
      const place = at % second.length;
      second[place] = Number.NaN;
      assert.throws(
        () => comparePaired(first, second, options),
        new RegExp(`second results, number ${place}, counted from 0, is NaN`),
      );
    }),
  );
});
