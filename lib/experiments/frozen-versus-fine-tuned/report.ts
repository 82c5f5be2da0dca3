import { UserError } from "../../runtime/user-error";
import type { Report, Row } from "../experiment";
import { comparePaired, type MeanInterval, meanInterval } from "../statistics";
import { COMPARISONS, SEEDS, SETTINGS, type Setting, TEST_TO_TRAINING } from "./grid";

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
      accuracy: meanInterval(numbers(own, "test_accuracy"), { testToTraining: TEST_TO_TRAINING }),
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
      ...shares(accuracy),
      mass_inside_mask: insideMask?.toFixed(6) ?? "",
      trained_parameters: parameters,
    })),
    comparisons: comparisons.map(({ question, first, second, result }) => ({
      question,
      first: `${first.regime}, ${first.pooling}`,
      second: `${second.regime}, ${second.pooling}`,
      seeds: result.runs,
      ...shares(result),
      p_value: result.pValue.toFixed(6),
      smallest_detectable: result.smallestDetectable.toFixed(6),
      verdict: verdict(result.mean, result.detected),
    })),
    markdown: markdownOf(lines, comparisons),
  };
}

function shares({ mean, lower, upper, standardDeviation }: MeanInterval): Row {
  return {
    mean: mean.toFixed(6),
    lower: lower.toFixed(6),
    upper: upper.toFixed(6),
    standard_deviation: standardDeviation.toFixed(6),
  };
}

function verdict(mean: number, detected: boolean): string {
  if (!detected) return "no detectable difference";
  return mean > 0 ? "better" : "worse";
}

const percent = (value: number) => (value * 100).toFixed(1);
const signed = (value: number) => {
  const size = percent(Math.abs(value));
  return size === "0.0" ? size : `${value < 0 ? "−" : "+"}${size}`;
};

function markdownOf(
  lines: { setting: Setting; accuracy: MeanInterval; insideMask: number | undefined; parameters: number }[],
  comparisons: { question: string; result: ReturnType<typeof comparePaired> }[],
): string {
  const roles = { floor: "floor", measured: "", ceiling: "ceiling" };
  const table = [
    "| features | pooling | | test accuracy, % | 95 % interval | attention inside the object, % | trained parameters |",
    "|:--|:--|:--|--:|:-:|--:|--:|",
    ...lines.map(
      ({ setting: { regime, pooling, role }, accuracy, insideMask, parameters }) =>
        `| ${regime} | ${pooling} | ${roles[role]} | ${percent(accuracy.mean)} | ${percent(accuracy.lower)} … ${percent(accuracy.upper)} | ` +
        `${insideMask === undefined ? "" : percent(insideMask)} | ${parameters.toLocaleString("en-US")} |`,
    ),
  ];
  const questions = [
    "| question, paired by seed | difference, points | 95 % interval | verdict | smallest detectable, points |",
    "|:--|--:|:-:|:--|--:|",
    ...comparisons.map(
      ({ question, result }) =>
        `| ${question} | ${signed(result.mean)} | ${signed(result.lower)} … ${signed(result.upper)} | ` +
        `${verdict(result.mean, result.detected)} | ${percent(result.smallestDetectable)} |`,
    ),
  ];
  const seeds = lines[0]!.accuracy.runs;
  const note =
    `Means over ${seeds} seeds; each deals objects and backgrounds anew, and intervals are widened for the overlap of ` +
    `the splits (Nadeau & Bengio 2003). The ${comparisons.length} intervals of the second table hold together (Bonferroni). ` +
    "The smallest detectable difference is the one that would be found in four cases of five.";
  return [...table, "", ...questions, "", note].join("\n");
}

function rowsOf(rows: readonly Row[], line: LineName): Row[] {
  return rows.filter(({ regime, pooling }) => regime === line.regime && pooling === line.pooling);
}

function accuracies(rows: readonly Row[], line: LineName): number[] {
  return numbers(rowsOf(rows, line), "test_accuracy");
}

/** An empty field is no number, though `Number` makes 0 of it. */
function numbers(rows: readonly Row[], column: string): number[] {
  return rows.map((row) => (row[column] === "" ? Number.NaN : Number(row[column])));
}

/** Every line of the table must be there once for every seed, in the seeds' order: comparisons pair them. */
function checkComplete(rows: readonly Row[]): void {
  for (const line of SETTINGS) {
    const seeds = numbers(rowsOf(rows, line), "seed");
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
      ["test_accuracy", numbers(own, "test_accuracy").every(isShare)],
      ["mass_inside_mask", numbers(inside, "mass_inside_mask").every(isShare)],
      ["trained_parameters", numbers(own, "trained_parameters").every((value) => value > 0)],
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
