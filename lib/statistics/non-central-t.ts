import { logGamma } from "./log-gamma";
import { normalDistribution } from "./normal";

/**
 * The probability that a non-central t variable is at most `t`: (Z + δ) / s with Z standard normal and s² a χ² variable
 * divided by its degrees of freedom ν.
 *
 * Source: the definition itself, P(T ≤ t) = ∫ Φ(t s − δ) f(s) ds over the density f of s (Johnson, Kotz & Balakrishnan
 * 1995, chapter 31, equation 31.1), by Gauss and Legendre's rule on pieces as narrow as what changes in them.
 *
 * @param freedom ν, at least 1
 * @param nonCentrality δ
 */
export function nonCentralDistribution(t: number, freedom: number, nonCentrality: number): number {
  const half = freedom / 2;
  const constant = Math.LN2 + half * Math.log(half) - logGamma(half);
  const density = (s: number) => Math.exp(constant + (freedom - 1) * Math.log(s) - half * s * s);
  let total = 0;
  const ends = piecesOf(t, freedom, nonCentrality);
  for (let i = 1; i < ends.length; i++) {
    const [middle, halfWidth] = [(ends[i]! + ends[i - 1]!) / 2, (ends[i]! - ends[i - 1]!) / 2];
    for (const { node, weight } of RULE) {
      const s = middle + halfWidth * node;
      total += halfWidth * weight * density(s) * normalDistribution(t * s - nonCentrality);
    }
  }
  return Math.min(1, Math.max(0, total));
}

/** Where the pieces end: the density lies around 1, some 1/√(2ν) wide; Φ rises around δ/t, some 1/t wide. */
function piecesOf(t: number, freedom: number, nonCentrality: number): number[] {
  const deviation = 1 / Math.sqrt(2 * freedom);
  const [first, last] = [Math.max(0, 1 - 12 * deviation), 1 + 12 * deviation];
  const steps = Array.from({ length: 49 }, (_, i) => i / 48);
  const ends = steps.map((share) => first + share * (last - first));
  if (t !== 0) {
    for (const share of steps) {
      const end = nonCentrality / t + ((2 * share - 1) * 12) / t;
      if (end > first && end < last) ends.push(end);
    }
  }
  return ends.sort((a, b) => a - b);
}

const RULE = legendreRule(12);

/** Nodes and weights on −1 … 1: the roots of Legendre's polynomial, by Newton's method (https://dlmf.nist.gov/3.5.v). */
function legendreRule(order: number): { node: number; weight: number }[] {
  return Array.from({ length: order }, (_, i) => {
    let node = Math.cos((Math.PI * (i + 0.75)) / (order + 0.5));
    let slope = 1;
    for (let round = 0; round < 10; round++) {
      let [before, value] = [1, node];
      for (let n = 2; n <= order; n++)
        [before, value] = [value, ((2 * n - 1) * node * value - (n - 1) * before) / n];
      slope = (order * (node * value - before)) / (node * node - 1);
      node -= value / slope;
    }
    return { node, weight: 2 / ((1 - node * node) * slope * slope) };
  });
}
