import type { Design } from "./design";
import type { MeanOverThings } from "./mean-over-things";
import { studentQuantile } from "./student-t";

const CONFIDENCE = 0.95;

/**
 * The 95 % interval of an accuracy, which never leaves 0 … 1: Wilson's (1927) score interval for as many independent answers
 * as would have the variance that was seen, with a quantile of t in the place of the normal one.
 *
 * The effective number of answers is as Korn & Graubard (1998, Survey Methodology 24) take it for surveys; they put it into the
 * interval of Clopper and Pearson. It is at most the number of scenes. Where all answers are right, or all wrong, no variance is
 * seen, and each group of things counts as one answer.
 */
export function accuracyInterval(
  { mean, standardError, freedom }: Pick<MeanOverThings, "mean" | "standardError" | "freedom">,
  { classOfGroup, cells }: Pick<Design, "classOfGroup" | "cells">,
): { lower: number; upper: number } {
  const p = Math.min(1, Math.max(0, mean));
  const binomial = p * (1 - p);
  // Sums of shares such as 1/3 miss 1 by rounding.
  const unseen = binomial < 1e-12;
  const answers = unseen ? classOfGroup.length : Math.min(cells.length, binomial / standardError ** 2);
  const critical = studentQuantile((1 + CONFIDENCE) / 2, freedom);
  const extra = critical ** 2 / answers;
  const centre = (p + extra / 2) / (1 + extra);
  const halfWidth = Math.sqrt(binomial * extra + extra ** 2 / 4) / (1 + extra);
  return {
    lower: Math.max(0, Math.min(p, centre - halfWidth)),
    upper: Math.min(1, Math.max(p, centre + halfWidth)),
  };
}
