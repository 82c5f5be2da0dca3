import type { Report, Row } from "../experiment";
import { readChoices } from "../scene-tables/choices";
import { type Comparison, type Family, judgeTable } from "../scene-tables/judge-table";
import {
  comparisonRows,
  lineColumns,
  linesTable,
  noteOf,
  questionsTable,
  summaryRows,
} from "../scene-tables/report-table";
import { TABLE_REPEATS } from "../scene-tables/run-table";
import { linesFigure } from "../scene-tables/scene-figures";
import { POOLING_LINES, REGIMES } from "../scene-tables/tables";
import type { TestedThing } from "../scene-tables/tested-things";

export const TITLE = "The family of poolings on frozen middle-layer tokens";

const COLUMNS = [
  lineColumns.pooling,
  lineColumns.role,
  lineColumns.accuracy,
  lineColumns.interval,
  lineColumns.silhouettes,
  lineColumns.selectivity,
  lineColumns.pointing,
  lineColumns.effective,
  lineColumns.photographs,
  lineColumns.parameters,
  lineColumns.seconds,
];

const [regime] = REGIMES;

const comparison = (first: string, second: string, question: string): Comparison => ({
  question,
  first: { regime, pooling: first },
  second: { regime, pooling: second },
});

/** Named before any result was seen. */
const FAMILY: Family = {
  title: "Attention instead of …",
  comparisons: [
    comparison("attention", "mean", "the mean"),
    comparison("attention", "hidden mean", "a hidden layer on every token and the mean"),
    comparison("attention", "hidden attention", "attention on a hidden layer"),
    comparison("attention", "efficient probing", "efficient probing"),
    comparison("attention", "class attention", "a query for each class"),
    comparison("attention", "SimPool", "SimPool"),
  ],
};

/** Accuracies and named comparisons, from the answers and from nothing else. @throws UserError for rows that can't be judged */
export function reportOf(
  rows: readonly Row[],
  tested: readonly TestedThing[],
  photographs: readonly Row[],
): Report {
  const judged = judgeTable(rows, tested, POOLING_LINES, [FAMILY], photographs);
  return {
    summary: summaryRows(judged),
    comparisons: comparisonRows(judged),
    tables: [linesTable(judged, COLUMNS), questionsTable(FAMILY.title, judged.comparisons)],
    note: `${noteOf(judged, TABLE_REPEATS.length, readChoices())} Of several heads the mean is looked at. Seconds: training and test on one thread, scenes and frozen features made before.`,
    figure: linesFigure(TITLE, judged),
  };
}
