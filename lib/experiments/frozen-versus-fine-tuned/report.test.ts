import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../runtime/user-error";
import { TEST_TO_TRAINING } from "../cutout-scenes/scenes";
import type { Row } from "../experiment";
import { reportMarkdown } from "../table-files";
import { COMPARISONS, SEEDS, SETTINGS } from "./grid";
import { COLUMNS, reportOf } from "./report";

/** Every line of the table for every seed; the accuracies of line n are 0.5 + n/100 and one percent either way. */
function madeUpRows(): Row[] {
  return SEEDS.flatMap((seed, s) =>
    SETTINGS.map(({ regime, pooling }, n) => ({
      regime,
      pooling,
      seed,
      test_accuracy: (0.5 + n / 100 + (s % 2 ? 0.01 : -0.01)).toFixed(6),
      validation_accuracy: "0.600000",
      best_epoch: 3,
      trained_parameters: 1000 + n,
      mass_inside_mask: n === 0 ? "" : (0.1 + s / 100).toFixed(6),
    })),
  );
}

/** Replaces fields of one row. */
function withRow(index: number, fields: Row): Row[] {
  return madeUpRows().map((row, i) => (i === index ? { ...row, ...fields } : row));
}

const near = (actual: unknown, expected: number) =>
  assert.ok(Math.abs(Number(actual) - expected) <= 1e-6, `${actual} is not ${expected}`);

test("the rows are of eight seeds, for which the numbers below are calculated", () => {
  assert.equal(SEEDS.length, 8);
  near(TEST_TO_TRAINING, 1 / 3);
  assert.deepEqual(Object.keys(madeUpRows()[0]!), [...COLUMNS]);
});

test("means and intervals of the lines agree with a calculation by hand", () => {
  const { summary } = reportOf(madeUpRows());
  assert.equal(summary.length, SETTINGS.length);
  // Four values one point above the mean and four below: variance 8·0.01²/7. t of 0.975 for 7 degrees is 2.364624.
  const deviation = 0.01 * Math.sqrt(8 / 7);
  const halfWidth = 2.364624 * deviation * Math.sqrt(1 / 8 + 1 / 3);
  summary.forEach((line, n) => {
    near(line.mean, 0.5 + n / 100);
    near(line.standard_deviation, deviation);
    near(line.lower, 0.5 + n / 100 - halfWidth);
    near(line.upper, 0.5 + n / 100 + halfWidth);
    assert.equal(line.seeds, 8);
    assert.equal(line.trained_parameters, 1000 + n);
    if (n === 0) assert.equal(line.mass_inside_mask, "");
    else near(line.mass_inside_mask, 0.135);
  });
});

test("a paired difference, its interval and its verdict agree with a calculation by hand", () => {
  const [{ first, second }] = COMPARISONS as [(typeof COMPARISONS)[number]];
  const is = (row: Row, line: typeof first) => row.regime === line.regime && row.pooling === line.pooling;
  const compared = (differences: number[]) => {
    const rows = madeUpRows().map((row) => {
      if (is(row, second)) return { ...row, test_accuracy: "0.5" };
      return is(row, first) ? { ...row, test_accuracy: 0.5 + differences[Number(row.seed)]! } : row;
    });
    return reportOf(rows).comparisons[0]!;
  };
  // Differences of mean 0.045 and variance 42/7·0.01². With five comparisons α is 0.01: t of 0.995 for 7 degrees
  // is 3.499483; four cases of five find 4.513875 standard errors, by SciPy's non-central t.
  const steps = [1, 2, 3, 4, 5, 6, 7, 8].map((step) => step / 100);
  const standardError = Math.sqrt(6) * 0.01 * Math.sqrt(1 / 8 + 1 / 3);
  const result = compared(steps);
  near(result.mean, 0.045);
  near(result.lower, 0.045 - 3.499483 * standardError);
  near(result.upper, 0.045 + 3.499483 * standardError);
  near(result.smallest_detectable, 4.513875 * standardError);
  assert.equal(result.verdict, "no detectable difference");
  assert.equal(compared(steps.map((step) => step + 0.1)).verdict, "better");
  assert.equal(compared(steps.map((step) => -step - 0.1)).verdict, "worse");
});

test("the Markdown has one row a line and a question, says what the intervals mean, and is always the same", () => {
  const markdown = reportMarkdown(reportOf(madeUpRows()));
  const asTexts = madeUpRows().map((row) => ({ ...row, seed: String(row.seed) }));
  assert.equal(reportMarkdown(reportOf(asTexts)), markdown);
  const rows = markdown.split("\n").filter((line) => line.startsWith("| "));
  assert.equal(rows.length, 1 + SETTINGS.length + 1 + COMPARISONS.length);
  assert.equal(rows[1], "| colour histogram | none | floor | 50.0 | 48.3 … 51.7 |  | 1,000 |");
  assert.ok(rows.some((row) => row.startsWith("| middle-layer probe | true mask | ceiling | 53.0 |")));
  assert.ok(rows.some((row) => row.includes("| +1.0 | +1.0 … +1.0 | better | 0.0 |")));
  assert.match(markdown, /8 seeds.*Nadeau & Bengio 2003.*Bonferroni/);
});

test("missing, doubled, shuffled and unreadable rows are refused, with the line and the remedy", () => {
  const rows = madeUpRows();
  const foreign = { ...rows[0]!, regime: "guessing" };
  const refused: [Row[], RegExp][] = [
    [rows.slice(0, -1), /"last stage, attention" are for the seeds 0, 1, 2, 3, 4, 5, 6 instead of/],
    [[], /"colour histogram, none" are for the seeds \(none\)/],
    [[...rows, rows[0]!], /"colour histogram, none" are for the seeds .*7, 0 instead/],
    [[...rows].reverse(), /for the seeds 7, 6/],
    [[...rows, foreign], /has 81 rows instead of 80/],
    [withRow(3, { seed: "" }), /"middle-layer probe, true mask" are for the seeds/],
    [withRow(0, { test_accuracy: "" }), /A test_accuracy of "colour histogram, none" can't be read/],
    [withRow(1, { test_accuracy: "0.8x" }), /A test_accuracy/],
    [withRow(1, { test_accuracy: "1.01" }), /A test_accuracy/],
    [withRow(1, { mass_inside_mask: "much" }), /A mass_inside_mask of "middle-layer probe, mean"/],
    [withRow(1, { trained_parameters: "" }), /A trained_parameters/],
  ];
  for (const [wrong, message] of refused) {
    assert.throws(
      () => reportOf(wrong),
      (error) =>
        error instanceof UserError && message.test(error.message) && /npm run reproduce/.test(error.message),
      String(message),
    );
  }
});
