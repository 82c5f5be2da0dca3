import { randomStream } from "../../runtime/random";
import { UserError } from "../../runtime/user-error";

/** Some of the scored cases, and the rule by which they were chosen. */
export interface CaseChoice {
  /** In a few words, for a caption. */
  rule: string;
  /** Places among the scores that were given. */
  indices: number[];
}

/**
 * Chooses cases by rules that leave nothing to taste: the `count` with the highest scores, as many around the
 * median, the lowest, and as many at random, drawn by the seed from all. Ties go to the case that comes first,
 * and one case may be chosen by two rules.
 *
 * ```ts
 * const [best, median, worst, random] = chooseCases([0.9, 0.1, 0.5, 0.7], { count: 2, seed: 1 });
 * console.log(best.rule, best.indices); // "the 2 highest of 4" [0, 3]
 * ```
 * @param scores one finite number a case, at least `count` of them; higher is better.
 * @throws UserError for too few scores, one that is not finite, or a `count` below 1.
 */
export function chooseCases(
  scores: ArrayLike<number>,
  { count, seed }: { count: number; seed: number },
): [best: CaseChoice, median: CaseChoice, worst: CaseChoice, random: CaseChoice] {
  const all = Array.from(scores, (_, index) => index);
  if (!Number.isInteger(count) || count < 1 || count > all.length) {
    throw new UserError(`Choosing ${count} of ${all.length} cases: take a whole number from 1 to that many.`);
  }
  const broken = all.find((index) => !Number.isFinite(scores[index]));
  if (broken !== undefined) {
    throw new UserError(
      `The score of case ${broken} is ${scores[broken]}; cases are ordered by finite scores.`,
    );
  }
  const ordered = [...all].sort((a, b) => scores[b]! - scores[a]! || a - b);
  const middle = Math.floor((all.length - count) / 2);
  return [
    { rule: `the ${count} highest of ${all.length}`, indices: ordered.slice(0, count) },
    { rule: `the ${count} around the median`, indices: ordered.slice(middle, middle + count) },
    { rule: `the ${count} lowest of ${all.length}`, indices: ordered.slice(-count) },
    {
      rule: `${count} drawn at random from all (seed ${seed})`,
      indices: randomStream(seed, "contact sheet").shuffled(all).slice(0, count),
    },
  ];
}
