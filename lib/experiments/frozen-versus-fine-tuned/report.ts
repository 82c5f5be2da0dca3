import { UserError } from "../../runtime/user-error";
import { comparePaired, type MeanInterval, meanInterval } from "../../statistics/intervals";
import { TEST_TO_TRAINING } from "../cutout-scenes/scenes";
import type { Report, ReportTable, Row } from "../experiment";
import { comparisonFields, intervalFields, numbersOf, percent, questionsTable } from "../report-cells";
import type { LinesFigure } from "../summary-figure";
import { COMPARISONS, SEEDS, SETTINGS, type Setting, TITLE } from "./grid";

/** One row per run. */
export const COLUMNS = [
  "regime",
  "pooling",
  "seed",
  "test_accuracy",
  "validation_accuracy",
  "best_epoch",
  "trained_parameters",
  "mass_inside_mask",
] as const;

type LineName = Pick<Setting, "regime" | "pooling">;

/**
 * Means, intervals and paired comparisons, computed from the rows and from nothing else.
 * @throws UserError when a row is missing, there twice, out of order, or holds what can't be read.
 */
export function reportOf(rows: readonly Row[]): Report {
  checkComplete(rows);
  const lines = SETTINGS.map((setting) => {
    const own = rowsOf(rows, setting);
    const inside = own.map(({ mass_inside_mask }) => mass_inside_mask).filter((value) => value !== "");
    return {
      setting,
      accuracy: meanInterval(numbersOf(own, "test_accuracy"), { testToTraining: TEST_TO_TRAINING }),
      insideMask: inside.length
        ? inside.reduce<number>((sum, value) => sum + Number(value), 0) / inside.length
        : undefined,
      parameters: Number(own[0]!.trained_parameters),
    };
  });
  const comparisons = COMPARISONS.map(({ question, first, second }) => ({
    question,
    first,
    second,
    result: comparePaired(accuracies(rows, first), accuracies(rows, second), {
      testToTraining: TEST_TO_TRAINING,
      comparisons: COMPARISONS.length,
    }),
  }));
  return {
    summary: lines.map(({ setting: { regime, pooling, role }, accuracy, insideMask, parameters }) => ({
      regime,
      pooling,
      role,
      seeds: accuracy.runs,
      ...intervalFields(accuracy),
      mass_inside_mask: insideMask?.toFixed(6) ?? "",
      trained_parameters: parameters,
    })),
    comparisons: comparisons.map(({ question, first, second, result }) => ({
      question,
      first: `${first.regime}, ${first.pooling}`,
      second: `${second.regime}, ${second.pooling}`,
      ...comparisonFields(result),
    })),
    tables: [linesTable(lines), questionsTable(comparisons)],
    note: noteOf(lines[0]!.accuracy.runs, comparisons.length),
    figure: figureOf(lines),
  };
}

interface TableLine {
  setting: Setting;
  accuracy: MeanInterval;
  insideMask: number | undefined;
  parameters: number;
}

function linesTable(lines: readonly TableLine[]): ReportTable {
  const roles = { floor: "floor", measured: "", ceiling: "ceiling" };
  return {
    columns: [
      { title: "features", align: "left" },
      { title: "pooling", align: "left" },
      { title: "", align: "left" },
      { title: "test accuracy, %", align: "right" },
      { title: "95 % interval", align: "centre" },
      { title: "attention inside the object, %", align: "right" },
      { title: "trained parameters", align: "right" },
    ],
    rows: lines.map(({ setting: { regime, pooling, role }, accuracy, insideMask, parameters }) => [
      regime,
      pooling,
      roles[role],
      percent(accuracy.mean),
      `${percent(accuracy.lower)} … ${percent(accuracy.upper)}`,
      insideMask === undefined ? "" : percent(insideMask),
      parameters.toLocaleString("en-US"),
    ]),
  };
}

function noteOf(seeds: number, comparisons: number): string {
  return (
    `Means over ${seeds} seeds; each deals objects and backgrounds anew, and intervals are widened for the overlap of ` +
    `the splits (Nadeau & Bengio 2003). The ${comparisons} intervals of the second table hold together (Bonferroni). ` +
    "The smallest detectable difference is the one that would be found in four cases of five."
  );
}

function figureOf(lines: readonly TableLine[]): LinesFigure {
  // As they stand in the summary, so that the figure follows from it digit for digit.
  const rows = lines.map(({ setting: { regime, pooling }, accuracy }) => {
    const { mean, lower, upper } = intervalFields(accuracy);
    return { group: regime, series: pooling, mean: Number(mean), lower: Number(lower), upper: Number(upper) };
  });
  const said = rows.map(
    ({ group, series, mean, lower, upper }) =>
      `${group}, ${series}: ${percent(mean)} (${percent(lower)} to ${percent(upper)})`,
  );
  return {
    kind: "lines",
    title: TITLE,
    axis: "test accuracy, % (mean and 95 % interval)",
    chance: 1 / 8,
    rows,
    alt: `${TITLE}. Test accuracy in percent with 95 % intervals. ${said.join("; ")}.`,
  };
}

function rowsOf(rows: readonly Row[], line: LineName): Row[] {
  return rows.filter(({ regime, pooling }) => regime === line.regime && pooling === line.pooling);
}

function accuracies(rows: readonly Row[], line: LineName): number[] {
  return numbersOf(rowsOf(rows, line), "test_accuracy");
}

/** Every line of the table must be there once for every seed, in the seeds' order: comparisons pair them. */
function checkComplete(rows: readonly Row[]): void {
  for (const line of SETTINGS) {
    const seeds = numbersOf(rowsOf(rows, line), "seed");
    if (seeds.join() !== SEEDS.join()) {
      throw new UserError(
        `The rows of "${line.regime}, ${line.pooling}" are for the seeds ${seeds.join(", ") || "(none)"} instead of ` +
          `${SEEDS.join(", ")}. Run \`npm run reproduce\` to make the table again.`,
      );
    }
    const own = rowsOf(rows, line);
    const isShare = (value: number) => value >= 0 && value <= 1;
    const inside = own.filter(({ mass_inside_mask }) => mass_inside_mask !== "");
    const readable: [string, boolean][] = [
      ["test_accuracy", numbersOf(own, "test_accuracy").every(isShare)],
      ["mass_inside_mask", numbersOf(inside, "mass_inside_mask").every(isShare)],
      ["trained_parameters", numbersOf(own, "trained_parameters").every((value) => value > 0)],
    ];
    const unreadable = readable.find(([, fine]) => !fine);
    if (unreadable) {
      throw new UserError(
        `A ${unreadable[0]} of "${line.regime}, ${line.pooling}" can't be read. Run \`npm run reproduce\` to make the table again.`,
      );
    }
  }
  if (rows.length !== SETTINGS.length * SEEDS.length) {
    throw new UserError(
      `The table has ${rows.length} rows instead of ${SETTINGS.length * SEEDS.length}. Run \`npm run reproduce\` to make it again.`,
    );
  }
}
