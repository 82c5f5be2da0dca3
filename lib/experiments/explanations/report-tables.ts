import type { ReportTable, Row } from "../experiment";
import { percent } from "../report-cells";
import { CHECKS, type LineName, MEASURES, type Measure, REGIMES } from "./grid";
import { IMAGES, METHODS } from "./plan";

/** Where each method's maps lie and what the answer does without what they mark: means over seeds, a table a model. */
export function lineTables(summary: readonly Row[]): ReportTable[] {
  return REGIMES.map(({ name: regime }) => ({
    caption: `${capitalised(regime)}: all methods and measures`,
    columns: [
      { title: "method", align: "left" },
      { title: "", align: "left" },
      ...MEASURES.map(({ title }) => ({ title, align: "right" as const })),
    ],
    rows: METHODS.map(({ name: method, explain }) => [
      method,
      explain ? "" : "control",
      ...MEASURES.map((measure) => cellOf(summary, { regime, method }, measure)),
    ]),
  }));
}

/** What attention itself was asked: one line per model. */
export function checksTable(summary: readonly Row[]): ReportTable {
  return {
    columns: [
      { title: "model with attention", align: "left" },
      ...CHECKS.map(({ title }) => ({ title, align: "right" as const })),
    ],
    rows: REGIMES.map(({ name }) => [
      name,
      ...CHECKS.map((check) => cellOf(summary, { regime: name, method: "attention" }, check)),
    ]),
  };
}

/** How the tables are to be read. */
export function noteOf(seeds: number, comparisons: number): string {
  return (
    `Means over ${seeds} seeds ± half their 95 % interval; in each seed the first ${IMAGES} test scenes are explained, the same ` +
    "for all, and what is explained is the predicted class. Maps are compared on the token grid of their model, 14 × 14 for the " +
    "middle-layer probe, else 7 × 7. *Mass inside*: share of the map on the object. *Pointing game*: is the map's maximum on " +
    "it? *Best IoU*: overlap at the best threshold of each image. *MaxBoxAcc*: boxes found at an IoU of 30, 50 and 70 %, " +
    "averaged, at the threshold that is best for the method's images. *Deletion*, *insertion*: area under the probability of the class " +
    "while cells are blurred away, or brought back, in the map's order; the random order of *uniform* is chance. " +
    "*Leave-one-out*: Spearman's correlation of the map with how far the answer moves when one token is left out of the pooling, and, " +
    "*signed*, with what the predicted class loses then. In the table of the models, accuracies and effective positions are of the whole test part, the others of the explained scenes: " +
    "*under equal weights* trains nothing again; *permuted* deals each image's weights to other positions, median " +
    "total variation of the answer; *adversarial* is the furthest that weights were moved while the answer stays within 1 %, in shares of the " +
    "largest Jensen–Shannon divergence; *randomised head*: Spearman's correlation of the maps before and after pooling and classifier were shuffled. A correlation with a map that is the same everywhere counts as 0. " +
    `Intervals are widened for the overlap of the splits (Nadeau & Bengio 2003); the ${comparisons} of the last table hold together ` +
    "(Bonferroni). The smallest detectable difference is the one that would be found in four cases of five."
  );
}

function capitalised(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

/** A mean with half the width of its interval; empty where the measure does not apply. */
function cellOf(summary: readonly Row[], { regime, method }: LineName, { column, format }: Measure): string {
  const found = summary.find(
    (row) => row.regime === regime && row.method === method && row.measure === column,
  );
  if (!found) return "";
  const [mean, half] = [Number(found.mean), (Number(found.upper) - Number(found.lower)) / 2];
  if (format === "percent") return `${percent(mean)} ± ${percent(half)}`;
  const rounded = mean
    .toFixed(2)
    .replace(/^-0\.00$/, "0.00")
    .replace("-", "−");
  return `${rounded} ± ${half.toFixed(2)}`;
}
