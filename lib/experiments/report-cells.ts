import type { MeanInterval, PairedComparison } from "../statistics/intervals";
import type { ReportTable, Row } from "./experiment";

/** A mean and its interval as fields of a CSV file, six decimals each. */
export function intervalFields({ mean, lower, upper, standardDeviation }: MeanInterval) {
  return {
    mean: mean.toFixed(6),
    lower: lower.toFixed(6),
    upper: upper.toFixed(6),
    standard_deviation: standardDeviation.toFixed(6),
  } satisfies Row;
}

/** A paired comparison as fields of a CSV file. */
export function comparisonFields(result: PairedComparison) {
  return {
    seeds: result.runs,
    ...intervalFields(result),
    p_value: result.pValue.toFixed(6),
    smallest_detectable: result.smallestDetectable.toFixed(6),
    verdict: verdictOf(result),
  } satisfies Row;
}

/** What was asked, and what the seeds answer: one line a question. */
export function questionsTable(
  comparisons: readonly { question: string; result: PairedComparison }[],
): ReportTable {
  return {
    columns: [
      { title: "question, paired by seed", align: "left" },
      { title: "difference, points", align: "right" },
      { title: "95 % interval", align: "centre" },
      { title: "verdict", align: "left" },
      { title: "smallest detectable, points", align: "right" },
    ],
    rows: comparisons.map(({ question, result }) => [
      question,
      signedPercent(result.mean),
      `${signedPercent(result.lower)} … ${signedPercent(result.upper)}`,
      verdictOf(result),
      percent(result.smallestDetectable),
    ]),
  };
}

/** A column of rows as numbers. An empty field is no number, though `Number` makes 0 of it. */
export function numbersOf(rows: readonly Row[], column: string): number[] {
  return rows.map((row) => (row[column] === "" ? Number.NaN : Number(row[column])));
}

function verdictOf({ mean, detected }: PairedComparison): string {
  if (!detected) return "no detectable difference";
  return mean > 0 ? "better" : "worse";
}

/** A share in percent, one decimal. */
export const percent = (share: number) => (share * 100).toFixed(1);

/** A difference of shares in points, with its sign. */
export const signedPercent = (difference: number) => {
  const size = percent(Math.abs(difference));
  return size === "0.0" ? size : `${difference < 0 ? "−" : "+"}${size}`;
};
