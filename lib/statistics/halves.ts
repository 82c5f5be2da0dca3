import { requireBetween } from "../runtime/checks";
import { UserError } from "../runtime/user-error";

/** Two estimates of one quantity from disjoint halves of the things, each with the standard error that it claims. */
export interface HalvesPair {
  first: { estimate: number; standardError: number };
  second: { estimate: number; standardError: number };
}

/** Whether standard errors are as large as they ought to be. */
export interface HalvesAgreement {
  /** For each pair the difference over its claimed standard error. */
  ratios: number[];
  /** Root of the mean square of the ratios: 1 where the claims are right, more where they are too small. */
  standardDeviation: number;
  /** 95 % interval of that, as if the pairs were independent. */
  lower: number;
  upper: number;
}

/**
 * Checks claimed standard errors without believing in the model behind them. Things are dealt into two halves, everything is
 * trained and tested in each half alone, and the same quantity is estimated in both. The halves share nothing, so the
 * difference should be as large as the two standard errors say; over many halvings its standard deviation in those units is
 * near 1. This also sees what no interval from one set of things can: that another set to train on gives other models.
 *
 * Halvings of the same things are not quite independent, so the interval is somewhat too narrow.
 *
 * Source of the interval: the mean is known to be 0, so Σ ratio² of n normal ratios is χ² with n degrees of freedom; its
 * quantiles by the approximation of Wilson & Hilferty (1931).
 *
 * @param pairs at least two, such as one a halving; `dealFolds` with two folds deals things into halves
 * @throws UserError for fewer pairs, for a standard error that is not above 0, and for an estimate that is no number
 */
export function halvesAgreement(pairs: readonly HalvesPair[]): HalvesAgreement {
  if (pairs.length < 2)
    throw new UserError(`A standard deviation needs at least two pairs of halves, not ${pairs.length}.`);
  const ratios = pairs.map(({ first, second }, place) => {
    for (const { estimate, standardError } of [first, second]) {
      requireBetween(`An estimate of pair ${place}`, estimate, -Number.MAX_VALUE, Number.MAX_VALUE);
      requireBetween(`A standard error of pair ${place}`, standardError, Number.MIN_VALUE, Number.MAX_VALUE);
    }
    const claimed = Math.hypot(first.standardError, second.standardError);
    return (first.estimate - second.estimate) / claimed;
  });
  const sum = ratios.reduce((total, ratio) => total + ratio ** 2, 0);
  return {
    ratios,
    standardDeviation: Math.sqrt(sum / ratios.length),
    lower: Math.sqrt(sum / chiSquareQuantile(NORMAL_975, ratios.length)),
    upper: Math.sqrt(sum / chiSquareQuantile(-NORMAL_975, ratios.length)),
  };
}

/** The value that a standard normal variable stays below in 97.5 % of the cases. */
const NORMAL_975 = 1.959963984540054;

/** The quantile of χ² that belongs to a quantile of the normal distribution. */
function chiSquareQuantile(normalQuantile: number, freedom: number): number {
  const ninth = 2 / (9 * freedom);
  return freedom * (1 - ninth + normalQuantile * Math.sqrt(ninth)) ** 3;
}
