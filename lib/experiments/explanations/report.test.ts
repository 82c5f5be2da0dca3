import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../runtime/user-error";
import type { Row } from "../experiment";
import type { PanelsFigure } from "../summary-figure";
import { reportMarkdown } from "../table-files";
import { CHECKS, COMPARISONS, MEASURES, REGIMES, SEEDS } from "./grid";
import { IMAGES, METHODS } from "./plan";
import { COLUMNS, reportOf } from "./report";

const LINES = REGIMES.length * METHODS.length;

/** Every line for every seed: its measures are 0.3 + n/100 in line n, and one, two … hundredths more by seed. */
function madeUpRows(): Row[] {
  return SEEDS.flatMap((seed) =>
    REGIMES.flatMap((regime, r) =>
      METHODS.map(({ name }, m) => {
        const value = 0.3 + (r * METHODS.length + m) / 100 + seed / 100;
        return {
          regime: regime.name,
          method: name,
          seed,
          images: IMAGES,
          ...Object.fromEntries(MEASURES.map(({ column }) => [column, value.toFixed(6)])),
          ...Object.fromEntries(
            CHECKS.map(({ column }) => [column, name === "attention" ? value.toFixed(6) : ""]),
          ),
        };
      }),
    ),
  );
}

/** Replaces fields of one row. */
function withRow(index: number, fields: Row): Row[] {
  return madeUpRows().map((row, i) => (i === index ? { ...row, ...fields } : row));
}

const near = (actual: unknown, expected: number) =>
  assert.ok(Math.abs(Number(actual) - expected) <= 1e-6, `${actual} is not ${expected}`);

test("the rows are of five seeds and ten comparisons, for which the numbers below are calculated", () => {
  assert.equal(SEEDS.length, 5);
  assert.equal(COMPARISONS.length, 10);
  assert.deepEqual(Object.keys(madeUpRows()[0]!), [...COLUMNS]);
});

test("means and intervals of every measure agree with a calculation by hand", () => {
  const { summary } = reportOf(madeUpRows());
  assert.equal(summary.length, LINES * MEASURES.length + REGIMES.length * CHECKS.length);
  // 0, 1, 2, 3, 4 hundredths: mean 0.02, variance 2.5·0.01². t of 0.975 for 4 degrees is 2.776445.
  const deviation = 0.01 * Math.sqrt(2.5);
  const halfWidth = 2.776445 * deviation * Math.sqrt(1 / 5 + 1 / 3);
  const last = summary.find(
    ({ regime, method, measure }) =>
      regime === "last stage" && method === "uniform" && measure === "insertion",
  )!;
  near(last.mean, 0.3 + (LINES - 1) / 100 + 0.02);
  near(last.standard_deviation, deviation);
  near(last.lower, Number(last.mean) - halfWidth);
  near(last.upper, Number(last.mean) + halfWidth);
  assert.equal(last.seeds, 5);
  const checks = summary.filter(({ measure }) => measure === "permuted_change");
  assert.deepEqual(
    checks.map(({ regime, method }) => `${regime}, ${method}`),
    REGIMES.map(({ name }) => `${name}, attention`),
  );
});

test("a paired difference, its interval and its verdict agree with a calculation by hand", () => {
  const [{ first, second, measure }] = COMPARISONS as [(typeof COMPARISONS)[number]];
  const compared = (differences: number[]) => {
    const rows = madeUpRows().map((row) => {
      const is = (line: typeof first) => row.regime === line.regime && row.method === line.method;
      if (is(second)) return { ...row, [measure]: "0.4" };
      return is(first) ? { ...row, [measure]: 0.4 + differences[Number(row.seed)]! } : row;
    });
    return reportOf(rows).comparisons[0]!;
  };
  // Mean 0.03, variance 2.5·0.01². With ten comparisons α is 0.005: t of 0.9975 for 4 degrees is 5.597568; four cases of
  // five find 7.055574 standard errors, by SciPy's non-central t.
  const steps = [1, 2, 3, 4, 5].map((step) => step / 100);
  const standardError = Math.sqrt(2.5) * 0.01 * Math.sqrt(1 / 5 + 1 / 3);
  const result = compared(steps);
  near(result.mean, 0.03);
  near(result.lower, 0.03 - 5.597568 * standardError);
  near(result.smallest_detectable, 7.055574 * standardError);
  assert.equal(result.verdict, "no detectable difference");
  assert.equal(compared(steps.map((step) => step + 0.1)).verdict, "better");
  assert.equal(compared(steps.map((step) => -step - 0.1)).verdict, "worse");
});

test("the Markdown has a row for each line, model and question, and is always the same", () => {
  const markdown = reportMarkdown(reportOf(madeUpRows()));
  const asTexts = madeUpRows().map((row) => ({ ...row, seed: String(row.seed), images: String(row.images) }));
  assert.equal(reportMarkdown(reportOf(asTexts)), markdown);
  const rows = markdown.split("\n").filter((line) => line.startsWith("| "));
  assert.equal(rows.length, REGIMES.length + LINES + 1 + REGIMES.length + 1 + COMPARISONS.length);
  assert.ok(rows[1]!.startsWith("| attention |  | 32.0 ± 3.2 | 32.0 ± 3.2 |"), rows[1]);
  assert.ok(rows[1]!.endsWith("| 0.32 ± 0.03 |"), rows[1]);
  assert.ok(markdown.includes("<summary>Last stage: all methods and measures</summary>"));
  assert.ok(rows.some((row) => row.startsWith("| uniform | control | 61.0 ± 3.2 |")));
  assert.match(markdown, /5 seeds.*first 6 test scenes.*Nadeau & Bengio 2003.*Bonferroni/);
});

test("the figure has a panel for each of its measures with all lines, and says their means", () => {
  const figure = reportOf(madeUpRows()).figure as PanelsFigure;
  assert.deepEqual(
    figure.panels.map(({ rows }) => rows.length),
    [LINES, LINES, LINES],
  );
  assert.match(figure.alt, /Mass inside the object in percent: attention, middle-layer probe 32\.0;/);
});

test("an interval of the figure ends where shares end", () => {
  const rows = madeUpRows().map((row) => ({ ...row, mass_inside: 0.8 + 0.05 * Number(row.seed) }));
  const { summary, figure } = reportOf(rows);
  assert.ok(Number(summary[0]!.upper) > 1);
  assert.equal((figure as PanelsFigure).panels[0]!.rows[0]!.upper, 1);
});

test("missing, doubled, shuffled and unreadable rows are refused, with the line and the remedy", () => {
  const rows = madeUpRows();
  const refused: [Row[], RegExp][] = [
    [rows.slice(0, -1), /"last stage, uniform" are for the seeds 0, 1, 2, 3 instead of/],
    [[], /"middle-layer probe, attention" are for the seeds \(none\)/],
    [[...rows, rows[0]!], /"middle-layer probe, attention" are for the seeds .*4, 0 instead/],
    [[...rows].reverse(), /for the seeds 4, 3/],
    [[...rows, { ...rows[0]!, regime: "guessing" }], /has 151 rows instead of 150/],
    [withRow(3, { seed: "" }), /"middle-layer probe, integrated gradients" are for the seeds/],
    [withRow(0, { images: 7 }), /A field images of "middle-layer probe, attention" can't be read/],
    [withRow(0, { mass_inside: "" }), /A field mass_inside/],
    [withRow(1, { deletion: "0.8x" }), /A field deletion of "middle-layer probe, Grad-CAM"/],
    [withRow(1, { insertion: "1.01" }), /A field insertion/],
    [withRow(1, { leave_one_out: "-1.01" }), /A field leave_one_out/],
    [withRow(0, { permuted_change: "" }), /A field permuted_change/],
    [withRow(1, { test_accuracy: "0.5" }), /A field test_accuracy of "middle-layer probe, Grad-CAM"/],
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
