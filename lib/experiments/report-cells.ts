import type { MeanInterval, PairedComparison } from "../statistics/intervals";
import type { Row } from "./experiment";

/** A mean and its interval as fields of a CSV file, six decimals each. */
export function intervalFields({ mean, lower, upper, standardDeviation }: MeanInterval) {
  return {
    mean: mean.toFixed(6),
    lower: lower.toFixed(6),
    upper: upper.toFixed(6),
    standard_deviation: standardDeviation.toFixed(6),
  } satisfies Row;
}

/** A comparison of two measures of the same things as fields of a CSV file. */
export function comparisonFields(result: PairedComparison) {
  return {
    things: result.runs,
    ...intervalFields(result),
    p_value: result.pValue.toFixed(6),
    smallest_detectable: result.smallestDetectable.toFixed(6),
    verdict: verdictOf(result),
  } satisfies Row;
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
