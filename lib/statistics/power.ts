import { nonCentralDistribution } from "./non-central-t";
import { studentQuantile } from "./student-t";

/**
 * The probability that a two-sided t-test finds a true difference.
 * @param critical the |t| beyond which a difference counts as found
 * @param standardErrors the true difference in standard errors
 */
export function powerOf(critical: number, freedom: number, standardErrors: number): number {
  const missed = nonCentralDistribution(critical, freedom, standardErrors);
  return 1 - missed + nonCentralDistribution(-critical, freedom, standardErrors);
}

/**
 * The true difference, in standard errors, that a two-sided t-test finds with this probability: exactly, by the
 * non-central t distribution. (The sum of two t quantiles, which is often taken for it, promises too much.)
 * @param power between the probability of a false alarm and 1
 */
export function differenceFound(power: number, critical: number, freedom: number): number {
  const key = `${power} ${critical} ${freedom}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  // A test finds the sum of both quantiles in somewhat less of the cases; twice that and more is enough.
  let [low, high] = [0, critical + studentQuantile(power, freedom)];
  while (powerOf(critical, freedom, high) < power) [low, high] = [high, 1.5 * high];
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (powerOf(critical, freedom, middle) < power) low = middle;
    else high = middle;
  }
  found.set(key, (low + high) / 2);
  return (low + high) / 2;
}

/** It depends on three numbers alone, and a table asks for the same ones again and again. */
const found = new Map<string, number>();
