import type { Estimate, LineComparison } from "../../statistics/judge-lines";
import type { ReportTable, Row } from "../experiment";
import { percent, signedPercent } from "../report-cells";
import { lineName } from "./answers";
import type { Choices } from "./choices";
import type { JudgedComparison, JudgedLine, JudgedTable, SurfaceCell } from "./judge-table";
import { WANTED_DIFFERENCE } from "./judge-table";

const decimals = (value: number | undefined) => value?.toFixed(6) ?? "";

/** One row a line, for the summary. */
export function summaryRows({ lines, repeats }: JudgedTable): Row[] {
  return lines.map(({ line, accuracy, silhouettes, onPhotographs, ...means }) => ({
    regime: line.regime,
    pooling: line.pooling,
    role: line.role,
    repeats,
    accuracy: decimals(accuracy.accuracy),
    lower: decimals(accuracy.lower),
    upper: decimals(accuracy.upper),
    standard_error: decimals(accuracy.standardError),
    silhouettes: decimals(silhouettes.accuracy),
    silhouettes_lower: decimals(silhouettes.lower),
    silhouettes_upper: decimals(silhouettes.upper),
    target_density: decimals(means.targetDensity),
    distractor_density: decimals(means.distractorDensity),
    pointing: decimals(means.pointing),
    effective_positions: decimals(means.effectivePositions),
    photographs: decimals(onPhotographs?.accuracy),
    photographs_pointing: decimals(onPhotographs?.pointing),
    trained_parameters: means.trainedParameters,
    seconds: means.seconds.toFixed(1),
    best_epoch_was_last: decimals(means.bestWasLast),
  }));
}

/** One row a named comparison. */
export function comparisonRows({ comparisons, repeats }: JudgedTable): Row[] {
  return comparisons.map(({ question, family, first, second, result, onPhotographs, ...rest }) => ({
    question,
    family,
    first: lineName(first),
    second: lineName(second),
    repeats,
    ...differenceFields(result),
    smallest_detectable: decimals(result.smallestDetectable),
    verdict: verdictOf(result),
    things_needed: rest.thingsNeeded === undefined ? "" : String(rest.thingsNeeded),
    photographs_difference: decimals(onPhotographs?.difference),
    photographs_lower: decimals(onPhotographs?.lower),
    photographs_upper: decimals(onPhotographs?.upper),
    photographs_smallest_detectable: decimals(onPhotographs?.smallestDetectable),
  }));
}

/** One row a cell and comparison. */
export function surfaceRows(cells: readonly SurfaceCell[]): Row[] {
  return cells.map(({ first, second, size, distractors, result }) => ({
    regime: first.regime,
    first: first.pooling,
    second: second.pooling,
    target_size: size,
    distractors,
    ...differenceFields(result),
  }));
}

function differenceFields({ difference, lower, upper, standardError }: LineComparison): Row {
  return {
    difference: decimals(difference),
    lower: decimals(lower),
    upper: decimals(upper),
    standard_error: decimals(standardError),
  };
}

/** The lines as a reader sees them. */
export function linesTable({ lines }: JudgedTable, columns: readonly LineColumn[]): ReportTable {
  return {
    columns: columns.map(({ title, align }) => ({ title, align })),
    rows: lines.map((line) => columns.map(({ cell }) => cell(line))),
  };
}

interface LineColumn {
  title: string;
  align: "left" | "centre" | "right";
  cell: (line: JudgedLine) => string;
}

const roles = { floor: "floor", measured: "", ceiling: "ceiling" };

const signedInterval = ({ lower, upper }: Pick<Estimate, "lower" | "upper">) =>
  `${signedPercent(lower)} … ${signedPercent(upper)}`;

/** A difference with its interval, in points. */
export const signedDifference = (result: LineComparison) =>
  `${signedPercent(result.difference)} (${signedInterval(result)})`;

const interval = ({ lower, upper }: Pick<Estimate, "lower" | "upper">) =>
  `${percent(lower)} … ${percent(upper)}`;

/** What a table of lines may show. */
export const lineColumns = {
  features: { title: "features", align: "left", cell: ({ line }) => line.regime },
  pooling: { title: "pooling", align: "left", cell: ({ line }) => line.pooling },
  role: { title: "", align: "left", cell: ({ line }) => roles[line.role] },
  accuracy: {
    title: "accuracy, %",
    align: "right",
    cell: ({ accuracy }) => percent(accuracy.accuracy),
  },
  interval: { title: "95 % interval", align: "centre", cell: ({ accuracy }) => interval(accuracy) },
  silhouettes: {
    title: "only its shape left, %",
    align: "right",
    cell: ({ silhouettes }) => percent(silhouettes.accuracy),
  },
  selectivity: {
    title: "selectivity",
    align: "right",
    cell: ({ targetDensity, distractorDensity }) =>
      targetDensity === undefined ? "" : (targetDensity / distractorDensity!).toFixed(1),
  },
  pointing: {
    title: "points at the target, %",
    align: "right",
    cell: ({ pointing }) => (pointing === undefined ? "" : percent(pointing)),
  },
  effective: {
    title: "positions used, %",
    align: "right",
    cell: ({ effectivePositions }) => (effectivePositions === undefined ? "" : percent(effectivePositions)),
  },
  photographs: {
    title: "real photographs, %",
    align: "right",
    cell: ({ onPhotographs }) => (onPhotographs === undefined ? "" : percent(onPhotographs.accuracy)),
  },
  parameters: {
    title: "trained parameters",
    align: "right",
    cell: ({ trainedParameters }) => trainedParameters.toLocaleString("en-US"),
  },
  seconds: { title: "seconds a fold", align: "right", cell: ({ seconds }) => seconds.toFixed(0) },
} satisfies Record<string, LineColumn>;

/** The named comparisons of one family as a reader sees them. */
export function questionsTable(family: string, comparisons: readonly JudgedComparison[]): ReportTable {
  const own = comparisons.filter((comparison) => comparison.family === family);
  return {
    columns: [
      { title: family, align: "left" },
      { title: "difference, points", align: "right" },
      { title: "95 % interval", align: "centre" },
      { title: "verdict", align: "left" },
      { title: "smallest detectable, points", align: "right" },
      { title: "on real photographs, points", align: "centre" },
    ],
    rows: own.map(({ question, result, onPhotographs }) => [
      question,
      signedPercent(result.difference),
      signedInterval(result),
      verdictOf(result),
      percent(result.smallestDetectable),
      onPhotographs === undefined ? "" : signedDifference(onPhotographs),
    ]),
  };
}

function verdictOf({ verdict }: LineComparison): string {
  return { first: "better", second: "worse", neither: "no detectable difference" }[verdict];
}

/**
 * What every table on scenes says of how it is to be read.
 * @param planned repeats
 * @param choices of step sizes
 */
export function noteOf(
  { things, repeats, lines, comparisons, photographs }: JudgedTable,
  planned: number,
  choices: Choices,
): string {
  const short = comparisons.filter((comparison) => comparison.thingsNeeded !== undefined);
  const needs = short.map((comparison) => {
    const { question } = comparison;
    const needed = comparison.thingsNeeded!;
    return `${question}: ${Number.isFinite(needed) ? `${needed} things` : "no number of things, without more repeats or backgrounds"}`;
  });
  const unfinished = lines.filter(({ bestWasLast }) => bestWasLast > 0.5).map(({ line }) => lineName(line));
  const atEnd = lines.filter(({ line }) => choices.isBestAtEnd(line)).map(({ line }) => lineName(line));
  return [
    `${things} things, each tested once in each of ${repeats} repeats, in sixteen scenes: target of 32, 48, 64 and 96 px among 0, 1, 3 and 6 distractors. ` +
      "Training, validation and test share no thing, distractor or background. Accuracy is the mean over the sixteen; guessing gives 12.5 %.",
    repeats < planned
      ? `${repeats} of ${planned} planned repeats are computed; intervals count those alone.`
      : "",
    "Intervals are for new things, repeats, backgrounds and distractors (`judgeLines`); those of the comparisons below one heading hold together. " +
      "The smallest detectable difference is the one that would be found in four cases of five.",
    needs.length > 0
      ? `For a smallest detectable difference of ${percent(WANTED_DIFFERENCE)} points it would take, all else the same: ${needs.join("; ")}.`
      : "",
    "*Only its shape left*: accuracy where the target's pixels are replaced by clutter through its own mask. *Selectivity*: the pooling's mass per area on the " +
      "target over that on the distractors; notebooks give it as a share of the two, where ½ is the 1 of this table. *Points at the target*: share of the scenes with distractors in which the heaviest position holds more of the target than " +
      "of distractors. Both are empty where all positions weigh the same.",
    unfinished.length > 0
      ? `Trained to the last epoch that was allowed in more than half of the runs, so that more might have helped: ${unfinished.join("; ")}.`
      : "",
    atEnd.length > 0
      ? `Trained with the smallest or the largest of the step sizes that were tried, so that another might be better: ${atEnd.join("; ")}.`
      : "",
    photographs === undefined
      ? ""
      : `*Real photographs*: ${photographs.photographs} of ${photographs.classes} of the classes, where the things were found; no model was trained or chosen on them. Of a line the ` +
        "mean of the classes' accuracies; of a difference each photograph counts alike. " +
        `So few can warn, not decide: the smallest detectable differences are ${rangeOf(comparisons)} points.`,
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function rangeOf(comparisons: readonly JudgedComparison[]): string {
  const sizes = comparisons.flatMap(({ onPhotographs }) => onPhotographs?.smallestDetectable ?? []);
  return `${percent(Math.min(...sizes))} to ${percent(Math.max(...sizes))}`;
}
