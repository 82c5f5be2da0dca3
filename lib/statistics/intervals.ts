import { firstNotFinite, requireBetween, requireWhole, shown } from "../runtime/checks";
import { UserError } from "../runtime/user-error";
import { differenceFound } from "./power";
import { studentDistribution, studentQuantile } from "./student-t";

/** A mean over repeated runs, with the interval that a repetition of the whole experiment should fall around. */
export interface MeanInterval {
  /** How many values there are. */
  runs: number;
  mean: number;
  /** Ends of the 95 % interval, in the unit of the values. */
  lower: number;
  upper: number;
  /** Standard deviation from run to run (divisor n − 1). */
  standardDeviation: number;
}

/** How two settings differ over the same seeds, first minus second. */
export interface PairedComparison extends MeanInterval {
  /**
   * Two-sided p-value, multiplied by the number of comparisons (Bonferroni), at most 1. It is never 0: where it is less
   * than the smallest number, or the differences never vary, it is that number.
   */
  pValue: number;
  /** Whether the interval leaves zero out. */
  detected: boolean;
  /**
   * The true difference that this many runs would detect in four cases of five, were the standard deviation the one that
   * was seen: exactly, by the non-central t distribution.
   */
  smallestDetectable: number;
}

/** How the runs hang together, and what else is judged with them. */
export interface IntervalOptions {
  /**
   * Test objects ÷ training objects, 0 or more, when every run draws its split anew from one pool of objects; 0 for runs
   * that share nothing. Splits of one pool overlap, so their results agree more than results on new data
   * would. Nadeau & Bengio (2003, Machine Learning 52, section 3, "corrected resampled t-test") widen the
   * variance of the mean from σ²/n to σ²·(1/n + testing/training) for that.
   */
  testToTraining: number;
  /** How many intervals are read together, 1 … 1,000,000; each is widened so that all hold at once (Bonferroni). One when left out. */
  comparisons?: number;
}

const CONFIDENCE = 0.95;
const POWER = 0.8;

/**
 * Mean and 95 % interval (Student's t) over runs.
 * @throws UserError for fewer than two values, as one run has no interval; for a value that is NaN or infinite, by its
 *   position; and for an option out of range
 */
export function meanInterval(
  values: readonly number[],
  { testToTraining, comparisons = 1 }: IntervalOptions,
): MeanInterval {
  requireFinite(values, "the values");
  const { mean, standardDeviation, standardError } = moments(values, testToTraining);
  const halfWidth = criticalValue(comparisons, values.length - 1) * standardError;
  return { runs: values.length, mean, lower: mean - halfWidth, upper: mean + halfWidth, standardDeviation };
}

/**
 * Compares two settings run on the same seeds, so that what a seed makes easy or hard for both cancels.
 * The smallest detectable difference is that of a t-test at the level α divided by the comparisons, with a power of 0.8.
 * @param first the results of one setting, one a seed
 * @param second those of the other, in the same order of seeds
 * @throws UserError when the two don't pair up or there are fewer than two pairs; for a result that is NaN or infinite, by
 *   its side and position; and for an option out of range
 */
export function comparePaired(
  first: readonly number[],
  second: readonly number[],
  options: IntervalOptions,
): PairedComparison {
  if (first.length !== second.length) {
    throw new UserError(
      `A paired comparison needs equally many runs on both sides, not ${first.length} and ${second.length}.`,
    );
  }
  requireFinite(first, "the first results");
  requireFinite(second, "the second results");
  const differences = first.map((value, i) => value - second[i]!);
  const interval = meanInterval(differences, options);
  const { standardError } = moments(differences, options.testToTraining);
  const comparisons = options.comparisons ?? 1;
  const freedom = differences.length - 1;
  const single =
    standardError > 0
      ? 2 * studentDistribution(-Math.abs(interval.mean / standardError), freedom)
      : Number(interval.mean === 0);
  return {
    ...interval,
    pValue: Math.min(1, Math.max(Number.MIN_VALUE, single * comparisons)),
    detected: interval.lower > 0 || interval.upper < 0,
    smallestDetectable: differenceFound(POWER, criticalValue(comparisons, freedom), freedom) * standardError,
  };
}

/** The |t| that all intervals together stay below in 95 of 100 cases without any difference. */
function criticalValue(comparisons: number, freedom: number): number {
  requireWhole("The number of `comparisons`", comparisons, 1, 1_000_000);
  return -studentQuantile((1 - CONFIDENCE) / comparisons / 2, freedom);
}

function requireFinite(values: readonly number[], what: string): void {
  const wrong = firstNotFinite(values);
  const textual = values.findIndex((value) => typeof value !== "number");
  const place = textual < 0 || (wrong >= 0 && wrong < textual) ? wrong : textual;
  if (place < 0) return;
  throw new UserError(
    `Among ${what}, number ${place}, counted from 0, is ${shown(values[place])}. A run without a result can't be judged: ` +
      "leave it out on every side, or run it again.",
  );
}

function moments(values: readonly number[], testToTraining: number) {
  const count = values.length;
  if (count < 2) throw new UserError(`An interval needs at least two runs, not ${count}.`);
  requireBetween("The ratio `testToTraining`", testToTraining, 0, 1e6);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const varies = values.some((value) => value !== values[0]);
  if (!Number.isFinite(variance) || (varies && variance === 0)) {
    throw new UserError(
      `The variance of these ${count} numbers, such as ${values[0]}, is too ${varies && variance === 0 ? "small" : "large"} to be written ` +
        "as a number. Give them in another unit.",
    );
  }
  return {
    mean,
    standardDeviation: Math.sqrt(variance),
    standardError: Math.sqrt(variance * (1 / count + testToTraining)),
  };
}
