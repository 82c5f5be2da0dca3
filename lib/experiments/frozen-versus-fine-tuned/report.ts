import type { Report, Row } from "../experiment";
import { readChoices } from "../scene-tables/choices";
import { type JudgedTable, judgeTable, surfaceOf } from "../scene-tables/judge-table";
import {
  comparisonRows,
  lineColumns,
  linesTable,
  noteOf,
  questionsTable,
  signedDifference,
  summaryRows,
  surfaceRows,
} from "../scene-tables/report-table";
import { TABLE_REPEATS } from "../scene-tables/run-table";
import { linesFigure, surfaceFigure } from "../scene-tables/scene-figures";
import { REGIME_LINES } from "../scene-tables/tables";
import type { TestedThing } from "../scene-tables/tested-things";
import { FAMILIES, OVER_HIDDEN, OVER_MEAN } from "./questions";

export const TITLE = "Frozen versus fine-tuned: when does attention help?";

/** Of the two surfaces, by the ending of their files. */
const TITLES: Readonly<Record<string, string>> = {
  surface: "When attention helps",
  "surface-hidden": "How much of that is attention, and not any layer on the tokens",
};

const COLUMNS = [
  lineColumns.features,
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
];

/**
 * Accuracies, named comparisons and the surface, from the answers and from nothing else.
 * @throws UserError for rows that can't be judged
 */
export function reportOf(
  rows: readonly Row[],
  tested: readonly TestedThing[],
  photographs: readonly Row[],
): Report {
  const judged = judgeTable(rows, tested, REGIME_LINES, FAMILIES, photographs);
  const everyCell = surfaceOf(judged.runs, tested, [...OVER_MEAN, ...OVER_HIDDEN]);
  const surface = (ending: string, second: string, comparisons: typeof OVER_MEAN) => {
    const asked = new Set(comparisons.map(({ question }) => question));
    const cells = everyCell.filter(({ question }) => asked.has(question));
    const quantity = `attention − ${second}`;
    return {
      ending,
      rows: surfaceRows(cells),
      figure: surfaceFigure(TITLES[ending]!, quantity, cells),
    };
  };
  return {
    summary: summaryRows(judged),
    comparisons: comparisonRows(judged),
    finding: findingOf(judged),
    tables: [
      linesTable(judged, COLUMNS),
      ...FAMILIES.map(({ title }) => questionsTable(title, judged.comparisons)),
    ],
    note: noteOf(judged, TABLE_REPEATS.length, readChoices()),
    figure: linesFigure(TITLE, judged),
    more: [
      surface("surface", "mean", OVER_MEAN),
      surface("surface-hidden", "hidden layer per token and mean", OVER_HIDDEN),
    ],
  };
}

/** *The* finding, for the first page. */
function findingOf({ comparisons, things, repeats }: JudgedTable): string {
  const of = (pairs: typeof OVER_MEAN) =>
    pairs
      .map((pair) => signedDifference(comparisons.find(({ question }) => question === pair.question)!.result))
      .join(", ");
  return (
    `On ${things} things among distractors, over ${repeats} repeats, attention instead of the mean is worth ${of(OVER_MEAN)} points ` +
    "on a frozen middle layer, the frozen last layer and a fine-tuned last stage. Instead of a hidden layer of as many numbers " +
    `on every token, which can't choose among positions, it is worth ${of(OVER_HIDDEN)}.`
  );
}
