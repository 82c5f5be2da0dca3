/**
 * The probability that a standard normal variable is at most `z`, with all digits in its tails too.
 *
 * Source: the series https://dlmf.nist.gov/7.6.E2 near the middle, the continued fraction
 * https://dlmf.nist.gov/7.9.E1 beyond.
 */
export function normalDistribution(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const below = x < 2.5 ? (1 - errorFunction(x)) / 2 : errorTail(x) / 2;
  if (z <= 0) return below;
  return 1 - below;
}

/** The value that a standard normal variable stays below with probability `share`, above 0 and below 1: by halving, to about 1e-14. */
export function normalQuantile(share: number): number {
  let [low, high] = [-40, 40];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (normalDistribution(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** erf(x) = (2/√π) exp(−x²) Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n + 1)) */
function errorFunction(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** 1 − erf(x) = exp(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), from the inside out. */
function errorTail(x: number): number {
  let inner = x;
  for (let n = 80; n >= 1; n--) inner = x + n / 2 / inner;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / inner;
}
