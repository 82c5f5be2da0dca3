import { UserError } from "../../runtime/user-error";

/**
 * Total variation distance, ½ Σ|p_i − q_i|: the largest difference in the probability that two distributions give to
 * any set. 0 … 1.
 * @throws UserError for lists that are no distributions of the same length
 */
export function totalVariation(first: ArrayLike<number>, second: ArrayLike<number>): number {
  requireDistributions(first, second);
  let sum = 0;
  for (let i = 0; i < first.length; i++) sum += Math.abs(first[i]! - second[i]!);
  return sum / 2;
}

/**
 * Jensen–Shannon divergence in nats, ½ KL(p‖m) + ½ KL(q‖m) with m = (p + q)/2: 0 for equal distributions, ln 2 = 0.693
 * for those that share nothing (Lin 1991, "Divergence measures based on the Shannon entropy", IEEE Transactions on
 * Information Theory 37).
 * @throws UserError for lists that are no distributions of the same length
 */
export function jensenShannon(first: ArrayLike<number>, second: ArrayLike<number>): number {
  requireDistributions(first, second);
  let sum = 0;
  for (let i = 0; i < first.length; i++) {
    const middle = (first[i]! + second[i]!) / 2;
    for (const value of [first[i]!, second[i]!]) if (value > 0) sum += value * Math.log(value / middle);
  }
  return Math.max(0, sum / 2);
}

/**
 * How widely weights are spread: their entropy −Σ α_i ln α_i in nats, and its exponential, the number of positions over
 * which an even spread would have that entropy: 1 where one position has all, `positions` where all have the same.
 * @throws UserError for a list that is no distribution
 */
export function spreadOf(weights: ArrayLike<number>): { entropy: number; effectivePositions: number } {
  requireDistributions(weights);
  let entropy = 0;
  for (let i = 0; i < weights.length; i++)
    if (weights[i]! > 0) entropy -= weights[i]! * Math.log(weights[i]!);
  return { entropy, effectivePositions: Math.exp(entropy) };
}

/** Ten times what sums of some hundred float32 weights may miss one by. */
const TOLERANCE = 1e-4;

function requireDistributions(...lists: readonly ArrayLike<number>[]): void {
  for (const list of lists) {
    let sum = 0;
    for (let i = 0; i < list.length; i++) sum += list[i]! >= 0 ? list[i]! : Number.NaN;
    if (!(Math.abs(sum - 1) <= TOLERANCE)) {
      throw new UserError(
        `A distribution has numbers that are not negative and sum to one; these ${list.length} sum to ${sum}. ` +
          "Divide them by their sum.",
      );
    }
    if (list.length !== lists[0]!.length) {
      throw new UserError(
        `Two distributions of ${lists[0]!.length} and ${list.length} numbers can't be compared.`,
      );
    }
  }
}
