import { comparePaired, meanInterval } from "../../statistics/intervals";
import { TEST_TO_TRAINING } from "../cutout-scenes/scenes";
import type { Report, Row } from "../experiment";
import { comparisonFields, intervalFields, numbersOf, questionsTable } from "../report-cells";
import { checkComplete, linesOf, rowsOf } from "./check-rows";
import { CHECKS, COMPARISONS, MEASURES, SEEDS, TITLE } from "./grid";
import { panelsFigure } from "./report-figure";
import { checksTable, lineTables, noteOf } from "./report-tables";

/** One row per seed, regime and method. */
export const COLUMNS = [
  "regime",
  "method",
  "seed",
  "images",
  ...[...MEASURES, ...CHECKS].map(({ column }) => column),
] as const;

/**
 * Means, intervals and paired comparisons, computed from the rows and from nothing else.
 * @throws UserError when a row is missing, there twice, out of order, or holds what can't be read.
 */
export function reportOf(rows: readonly Row[]): Report {
  checkComplete(rows);
  const summary = linesOf().flatMap(({ regime, method }) =>
    [...MEASURES, ...CHECKS].flatMap((measure): Row[] => {
      const values = numbersOf(rowsOf(rows, { regime, method }), measure.column);
      // What is asked of attention alone has no line for the others.
      if (values.every(Number.isNaN)) return [];
      const interval = meanInterval(values, { testToTraining: TEST_TO_TRAINING });
      return [{ regime, method, measure: measure.column, seeds: interval.runs, ...intervalFields(interval) }];
    }),
  );
  const comparisons = COMPARISONS.map(({ question, measure, first, second }) => {
    const values = (line: typeof first) => numbersOf(rowsOf(rows, line), measure);
    const result = comparePaired(values(first), values(second), {
      testToTraining: TEST_TO_TRAINING,
      comparisons: COMPARISONS.length,
    });
    return { question, measure, first, second, result };
  });
  return {
    summary,
    comparisons: comparisons.map(({ question, measure, first, second, result }) => ({
      question,
      measure,
      first: `${first.regime}, ${first.method}`,
      second: `${second.regime}, ${second.method}`,
      ...comparisonFields(result),
    })),
    tables: [...lineTables(summary), checksTable(summary), questionsTable(comparisons)],
    note: noteOf(SEEDS.length, COMPARISONS.length),
    figure: panelsFigure(summary, TITLE),
  };
}
