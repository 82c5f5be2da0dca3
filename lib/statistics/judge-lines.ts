import { requireWhole, shown } from "../runtime/checks";
import { randomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import type { AnswerTable } from "./answer-table";
import { type Design, designOf } from "./design";
import { type MeanOverThings, meanOverThings } from "./mean-over-things";
import { differenceFound } from "./power";
import { accuracyInterval } from "./proportion";
import { simultaneousLevel } from "./simultaneous";
import { studentQuantile } from "./student-t";

/** Where the variance of an estimate comes from, each part as a variance of the estimate; they add up. */
export interface VarianceParts {
  /** Which things were tested, and chance in each answer: falls with the number of things. */
  things: number;
  /** What the answers of a fold or a repeat share: falls with the number of repeats. */
  repeats: number;
  /** Which backgrounds, distractors and so on there were: falls with their number. */
  drawn: number;
}

/** An estimate that holds for other things, repeats and backgrounds than those that were there, with its 95 % interval. */
export interface Estimate {
  lower: number;
  upper: number;
  standardError: number;
  /** Degrees of freedom of the standard error. */
  freedom: number;
  variance: VarianceParts;
}

/** How accurate a line is: the mean over things of the share of right answers, 0 … 1, and so are its limits. */
export interface LineAccuracy extends Estimate {
  line: string;
  accuracy: number;
}

/** How two lines differ on the same things, first minus second, −1 … 1; the intervals of all comparisons hold together. */
export interface LineComparison extends Estimate {
  first: string;
  second: string;
  difference: number;
  /** Which line is better, as the interval says; "neither" where it holds zero. */
  verdict: "first" | "second" | "neither";
  /**
   * The true difference that such an experiment finds in four cases of five, were the standard error the one that was seen:
   * exactly, by the non-central t distribution.
   */
  smallestDetectable: number;
}

/** A table judged: what each line reaches, and the comparisons that were named before. */
export interface LinesJudged {
  lines: LineAccuracy[];
  comparisons: LineComparison[];
}

const CONFIDENCE = 0.95;
const POWER = 0.8;
const MOST_COMPARISONS = 6;

/**
 * Judges the lines of a table over things, not over seeds: accuracies, and differences between named pairs of lines, each
 * with a 95 % interval for new things of the same classes, new repeats, and new backgrounds (and so on) where answers name
 * them. Intervals of differences are simultaneous (single-step max-T); those of accuracies are each for itself.
 *
 * The method was chosen by simulations. In three worlds with the components of the first table's answers
 * (`npm run simulate -- --fitted --chosen --experiments 80`) an interval held the truth in 95.0 to 96.5 of 100 cases and all of a
 * table together in 93.8 to 97.5; intervals that take the folds of a repeat as independent, a third narrower, in 89 to 93 and
 * 85 to 93 only. In assumed worlds a bootstrap of things held it in 91, one of things and repeats in 97. Where answers differ by
 * chance alone the intervals are too wide.
 * All models of a table come from one set of things; what another set to train on would change is not in the intervals (see
 * `halvesAgreement`). Take five repeats or more: two suffice, but show so badly how repeats differ that the intervals are wide.
 * An interval has no width where no thing's answers differ from another's.
 *
 * @param comparisons at most six pairs of lines, chosen before the table was seen
 * @param seed of the draws that find the simultaneous level
 * @throws UserError for a line that is not in the table, more than six comparisons, a single repeat, or a class that is a
 *   single group of near-duplicates
 * @example judgeLines(answerTable(things, answers), [["attention", "mean"], ["attention", "hidden layer per token"]])
 */
export function judgeLines(
  table: AnswerTable,
  comparisons: readonly (readonly [first: string, second: string])[],
  { seed = 0 }: { seed?: number } = {},
): LinesJudged {
  requireWhole("The number of comparisons", comparisons.length, 0, MOST_COMPARISONS);
  const design = designOf(table);
  const lines = [...table.lines].map(([line, values]) => {
    const estimate = meanOverThings(values, design);
    // Sums of shares may miss 1 by rounding.
    const accuracy = Math.min(1, estimate.mean);
    return { line, accuracy, ...described(estimate), ...accuracyInterval(estimate, design) };
  });
  return { lines, comparisons: compareLines(table, design, comparisons, seed) };
}

/**
 * How many things would do for a smallest detectable difference, all else the same: the part of the variance that comes from
 * things shrinks as they become more, the rest does not.
 * @param things how many there were
 * @param difference the smallest difference that is to be found, above 0
 * @returns a whole number; Infinity where no number of things would do without more repeats or backgrounds
 */
export function thingsNeeded(
  comparison: Pick<LineComparison, "standardError" | "smallestDetectable" | "variance">,
  things: number,
  difference: number,
): number {
  requireWhole("The number of things", things, 1);
  if (!(difference > 0))
    throw new UserError(`The difference to be found must be above 0, not ${difference}.`);
  const { standardError, smallestDetectable, variance } = comparison;
  if (standardError === 0) return things;
  const allowed = (difference / (smallestDetectable / standardError)) ** 2;
  const left = allowed - variance.repeats - variance.drawn;
  return left > 0 ? Math.ceil((things * variance.things) / left) : Number.POSITIVE_INFINITY;
}

function compareLines(
  { lines }: AnswerTable,
  design: Design,
  comparisons: readonly (readonly [string, string])[],
  seed: number,
): LineComparison[] {
  const valuesOf = (line: string) => {
    const values = lines.get(line);
    if (values) return values;
    throw new UserError(
      `There is no line ${shown(line)} to compare; there are ${[...lines.keys()].map(shown).join(", ")}.`,
    );
  };
  const estimates = comparisons.map(([first, second]) => {
    const [ofFirst, ofSecond] = [valuesOf(first), valuesOf(second)];
    return meanOverThings(
      ofFirst.map((value, scene) => value - ofSecond[scene]!),
      design,
    );
  });
  const level = simultaneousLevel(
    estimates.map(({ groupSums }) => groupSums),
    1 - CONFIDENCE,
    randomStream(seed, "simultaneous intervals"),
  );
  return comparisons.map(([first, second], number) => {
    const estimate = estimates[number]!;
    const { standardError, freedom } = estimate;
    const difference = Math.min(1, Math.max(-1, estimate.mean));
    const critical = -studentQuantile(level / 2, freedom);
    const lower = Math.max(-1, difference - critical * standardError);
    const upper = Math.min(1, difference + critical * standardError);
    return {
      first,
      second,
      difference,
      ...described(estimate),
      lower,
      upper,
      verdict: lower > 0 ? "first" : upper < 0 ? "second" : "neither",
      smallestDetectable: standardError > 0 ? differenceFound(POWER, critical, freedom) * standardError : 0,
    };
  });
}

function described({ standardError, freedom, fromThings, fromRepeats, fromDrawn }: MeanOverThings) {
  const variance = { things: fromThings, repeats: fromRepeats, drawn: fromDrawn };
  return { standardError, freedom, variance };
}
