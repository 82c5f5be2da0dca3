import { logGamma } from "./log-gamma";

/** Far below any number in use, and not 0: what Lentz's method puts in the place of a divisor of 0. */
const TINY = 1e-300;
const MOST_TERMS = 10_000;

/**
 * The regularised incomplete beta function I_x(a, b) = ∫₀ˣ u^(a−1) (1 − u)^(b−1) du / B(a, b), 0 … 1.
 *
 * Source: its continued fraction, https://dlmf.nist.gov/8.17.E22, by the method of Lentz (1976) as Thompson & Barnett
 * (1986) have it; on the other side of the mean by I_x(a, b) = 1 − I_(1−x)(b, a), where the fraction converges fast.
 *
 * @param x 0 … 1
 * @param a above 0
 * @param b above 0
 * @param rest 1 − x, where it is known with more digits than the subtraction leaves
 */
export function incompleteBeta(x: number, a: number, b: number, rest = 1 - x): number {
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(rest, b, a, x);
  const front = a * Math.log(x) + b * Math.log(rest) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return Math.exp(front) / (a * continuedFraction(x, a, b));
}

/** 1 + d₁ / (1 + d₂ / (1 + …)) */
function continuedFraction(x: number, a: number, b: number): number {
  const notZero = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let [value, c, d] = [1, 1, 0];
  for (let term = 1; term <= MOST_TERMS; term++) {
    const m = Math.floor(term / 2);
    const share =
      term % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / notZero(1 + share * d);
    c = notZero(1 + share / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) return value;
  }
  return value;
}
