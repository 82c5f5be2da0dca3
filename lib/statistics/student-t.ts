import { incompleteBeta } from "./incomplete-beta";

/**
 * The probability that a Student t variable with `freedom` degrees of freedom is at most `t`, with all digits in its
 * lower tail.
 *
 * Source: https://dlmf.nist.gov/8.17 and Abramowitz & Stegun 1964, 26.7.1: half of I_x(ν/2, ½) at x = ν / (ν + t²).
 */
export function studentDistribution(t: number, freedom: number): number {
  const square = t * t;
  const tail =
    square === Number.POSITIVE_INFINITY
      ? 0
      : incompleteBeta(freedom / (freedom + square), freedom / 2, 0.5, square / (freedom + square)) / 2;
  return t <= 0 ? tail : 1 - tail;
}

/**
 * The value that a Student t variable with `freedom` degrees of freedom stays below with this probability: the inverse
 * of `studentDistribution`, by halving an interval until no number lies between its ends.
 * @param probability above 0, less than 1
 */
export function studentQuantile(probability: number, freedom: number): number {
  if (probability === 0.5) return 0;
  // The lower tail has all its digits.
  if (probability > 0.5) return -studentQuantile(1 - probability, freedom);
  let [low, high] = [-1, 0];
  while (studentDistribution(low, freedom) > probability) [low, high] = [2 * low, low];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (studentDistribution(middle, freedom) < probability) low = middle;
    else high = middle;
  }
}
