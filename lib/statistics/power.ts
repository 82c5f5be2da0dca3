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
  const result = root((errors) => powerOf(critical, freedom, errors) - power, low, high);
  found.set(key, result);
  return result;
}

/**
 * Where a rising function is zero, between one place where it is below and one where it is not: false position as the Illinois
 * method mends it (Dowell & Jarratt 1971), which takes a fifth of the steps of halving.
 */
function root(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let [below, above] = [f(low), f(high)];
  let side = 0;
  while (high - low > 1e-12 * high && above > 0) {
    const x = high - (above * (high - low)) / (above - below);
    // So near to one of the ends that no number lies between.
    if (x <= low || x >= high) break;
    const value = f(x);
    if (value < 0) {
      [low, below] = [x, value];
      if (side < 0) above /= 2;
      side = -1;
    } else {
      [high, above] = [x, value];
      if (side > 0) below /= 2;
      side = 1;
    }
    if (Math.abs(value) < 1e-14) return x;
  }
  return high;
}

/** It depends on three numbers alone, and a table asks for the same ones again and again. */
const found = new Map<string, number>();
