import { firstNotFinite, requireWhole, shown } from "../runtime/checks";
import { randomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import { normalDistribution } from "./normal";
import { differenceFound } from "./power";
import { accuracyInterval } from "./proportion";
import { studentQuantile } from "./student-t";

/** How items are drawn again. */
export interface BootstrapOptions {
  /** The group of each item: items of one, such as near-duplicates, are drawn together. Each its own when left out. */
  groups?: ArrayLike<number | string>;
  /** How many intervals are read together, each widened so that all hold at once (Bonferroni); one when left out. */
  comparisons?: number;
  /** Of the draws; equal seeds give equal intervals. 0 when left out. */
  seed?: number;
}

/** A mean over items, with a 95 % interval for other items like these. */
export interface BootstrapInterval {
  mean: number;
  lower: number;
  upper: number;
  /** Standard deviation of the mean over the draws. */
  standardError: number;
  /** How many groups of items there are. */
  groups: number;
}

/** How two models differ on the same items, first minus second. */
export interface BootstrapComparison extends BootstrapInterval {
  /** Whether the interval leaves zero out. */
  detected: boolean;
  /**
   * The true difference that so many items find in four cases of five, were the standard error the one that was seen;
   * absent where no item tells the two apart, so that none was seen.
   */
  smallestDetectable?: number;
}

const CONFIDENCE = 0.95;
const POWER = 0.8;
const DRAWS = 10_000;

/**
 * How accurate a model is on other items like those that were tested: the mean of its answers, with a 95 % interval from
 * drawing the items again, with replacement, 10,000 times (Efron 1979). The interval is the percentile one, widened as
 * Hesterberg (2015, The American Statistician 69, section 5) does, since it is too narrow for few items. Where all answers
 * are right, or all wrong, drawing them again shows nothing; the limit is then Wilson's (1927).
 * @param answers for each item 1 for right and 0 for wrong, or the share of seeds that were right
 * @throws UserError for fewer than two groups, or an answer outside 0 … 1
 */
export function bootstrapAccuracy(
  answers: ArrayLike<number>,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const wrong = Array.from(answers).findIndex((answer) => !(answer >= 0 && answer <= 1));
  if (wrong >= 0)
    throw new UserError(
      `Answer ${wrong}, counted from 0, is ${shown(answers[wrong])}; answers lie in 0 … 1.`,
    );
  const drawn = drawAgain(answers, options);
  if (drawn.standardError > 0) return drawn;
  const { groups } = drawn;
  const independent = { classOfGroup: new Int32Array(groups), cells: new Int32Array(answers.length) };
  return { ...drawn, ...accuracyInterval({ ...drawn, freedom: groups - 1 }, independent) };
}

/**
 * Compares two models on the same items, paired, so that what makes an item easy or hard for both cancels; see
 * `bootstrapAccuracy` for the interval.
 * @param first for each item the first model's answer, 0 … 1, or any other number
 * @param second the other model's, in the same order
 * @throws UserError for answers that don't pair up, fewer than two groups, or a number that is not finite
 */
export function bootstrapComparison(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: BootstrapOptions = {},
): BootstrapComparison {
  if (first.length !== second.length) {
    throw new UserError(
      `A paired comparison needs equally many answers on both sides, not ${first.length} and ${second.length}.`,
    );
  }
  const differences = Array.from(first, (value, i) => value - second[i]!);
  const drawn = drawAgain(differences, options);
  const { lower, upper, standardError, groups } = drawn;
  const critical = -studentQuantile(tail(options), groups - 1);
  return {
    ...drawn,
    detected: lower > 0 || upper < 0,
    ...(standardError > 0 && {
      smallestDetectable: differenceFound(POWER, critical, groups - 1) * standardError,
    }),
  };
}

/** The probability beyond each end of an interval. */
function tail({ comparisons = 1 }: BootstrapOptions): number {
  return (1 - CONFIDENCE) / requireWhole("The number of `comparisons`", comparisons, 1, 1_000_000) / 2;
}

function drawAgain(values: ArrayLike<number>, options: BootstrapOptions): BootstrapInterval {
  const broken = firstNotFinite(values);
  if (broken >= 0)
    throw new UserError(
      `Answer ${broken}, counted from 0, is ${values[broken]}; answers are finite numbers.`,
    );
  const { sums, sizes } = sumsOfGroups(values, options.groups);
  const groups = sums.length;
  if (groups < 2)
    throw new UserError(`An interval needs at least two items that are not near-duplicates, not ${groups}.`);
  const mean = sums.reduce((total, sum) => total + sum, 0) / values.length;
  const stream = randomStream(options.seed ?? 0, "bootstrap");
  const means = new Float64Array(DRAWS);
  for (let draw = 0; draw < DRAWS; draw++) {
    let [total, count] = [0, 0];
    for (let i = 0; i < groups; i++) {
      const group = Math.floor(stream.uniform() * groups);
      total += sums[group]!;
      count += sizes[group]!;
    }
    means[draw] = total / count;
  }
  means.sort();
  const centre = means.reduce((total, value) => total + value, 0) / DRAWS;
  const variance = means.reduce((total, value) => total + (value - centre) ** 2, 0) / (DRAWS - 1);
  const unequal = sums.some((sum, i) => Math.abs(sum / sizes[i]! - sums[0]! / sizes[0]!) > 1e-12);
  const quantile = studentQuantile(tail(options), groups - 1);
  const beyond = normalDistribution(Math.sqrt(groups / (groups - 1)) * quantile);
  const at = (share: number) => means[Math.min(DRAWS - 1, Math.max(0, Math.round(share * (DRAWS - 1))))]!;
  return {
    mean,
    // Where all draws are equal, sums of shares may still miss the mean by rounding.
    lower: unequal ? at(beyond) : mean,
    upper: unequal ? at(1 - beyond) : mean,
    standardError: unequal ? Math.sqrt(variance) : 0,
    groups,
  };
}

function sumsOfGroups(values: ArrayLike<number>, groups: BootstrapOptions["groups"]) {
  if (groups && groups.length !== values.length)
    throw new UserError(`There are ${groups.length} groups for ${values.length} items. Give one for each.`);
  const places = new Map<number | string, number>();
  const sums: number[] = [];
  const sizes: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const group = groups ? groups[i]! : i;
    const place = places.get(group) ?? places.size;
    places.set(group, place);
    sums[place] = (sums[place] ?? 0) + values[i]!;
    sizes[place] = (sizes[place] ?? 0) + 1;
  }
  return { sums, sizes };
}
