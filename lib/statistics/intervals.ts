import { studentDistribution, studentQuantile } from "./student-t";

/** A mean over repeated runs, with the interval that a repetition of the whole experiment should fall around. */
export interface MeanInterval {
  runs: number;
  mean: number;
  lower: number;
  upper: number;
  /** Standard deviation from run to run (divisor n − 1). */
  standardDeviation: number;
}

/** How two settings differ over the same seeds, first minus second. */
export interface PairedComparison extends MeanInterval {
  /** Two-sided p-value, multiplied by the number of comparisons (Bonferroni), at most 1. */
  pValue: number;
  /** Whether the interval leaves zero out. */
  detected: boolean;
  /** The smallest true difference that this many runs would detect in four cases of five. */
  smallestDetectable: number;
}

export interface IntervalOptions {
  /**
   * Test objects ÷ training objects, when every run draws its split anew from one pool of objects; 0 for runs
   * that share nothing. Splits of one pool overlap, so their results agree more than results on new data
   * would. Nadeau & Bengio (2003, Machine Learning 52, section 3, "corrected resampled t-test") widen the
   * variance of the mean from σ²/n to σ²·(1/n + testing/training) for that.
   */
  testToTraining: number;
  /** How many intervals are read together; each is widened so that all hold at once (Bonferroni). */
  comparisons?: number;
}

const CONFIDENCE = 0.95;
const POWER = 0.8;

/**
 * Mean and 95 % interval (Student's t) over runs.
 * @throws RangeError for fewer than two values: one run has no interval.
 */
export function meanInterval(
  values: readonly number[],
  { testToTraining, comparisons = 1 }: IntervalOptions,
): MeanInterval {
  const { mean, standardDeviation, standardError } = moments(values, testToTraining);
  const halfWidth =
    studentQuantile(1 - (1 - CONFIDENCE) / comparisons / 2, values.length - 1) * standardError;
  return { runs: values.length, mean, lower: mean - halfWidth, upper: mean + halfWidth, standardDeviation };
}

/**
 * Compares two settings run on the same seeds, so that what a seed makes easy or hard for both cancels.
 * The smallest detectable difference is (t₁₋α⸝₂ + t₀.₈)·standard error, with α divided by the comparisons.
 * @param first, second results in the same order of seeds.
 * @throws RangeError when the two don't pair up or there are fewer than two pairs.
 */
export function comparePaired(
  first: readonly number[],
  second: readonly number[],
  options: IntervalOptions,
): PairedComparison {
  if (first.length !== second.length) {
    throw new RangeError(
      `A paired comparison needs equally many runs on both sides, not ${first.length} and ${second.length}.`,
    );
  }
  const differences = first.map((value, i) => value - second[i]!);
  const interval = meanInterval(differences, options);
  const { standardError } = moments(differences, options.testToTraining);
  const comparisons = options.comparisons ?? 1;
  const freedom = differences.length - 1;
  const single =
    standardError > 0
      ? 2 * studentDistribution(-Math.abs(interval.mean / standardError), freedom)
      : Number(interval.mean === 0);
  const critical = studentQuantile(1 - (1 - CONFIDENCE) / comparisons / 2, freedom);
  return {
    ...interval,
    pValue: Math.min(1, single * comparisons),
    detected: interval.lower > 0 || interval.upper < 0,
    smallestDetectable: (critical + studentQuantile(POWER, freedom)) * standardError,
  };
}

function moments(values: readonly number[], testToTraining: number) {
  const count = values.length;
  if (count < 2) throw new RangeError(`An interval needs at least two runs, not ${count}.`);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return {
    mean,
    standardDeviation: Math.sqrt(variance),
    standardError: Math.sqrt(variance * (1 / count + testToTraining)),
  };
}
