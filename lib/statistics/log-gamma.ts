const G = 7;
const COEFFICIENTS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/**
 * ln Γ(x) for x > 0.
 *
 * Source: Lanczos 1964 (https://doi.org/10.1137/0701008) with the coefficients of P. Godfrey for g = 7, nine terms;
 * below ½ by the reflection Γ(x) Γ(1 − x) = π / sin πx.
 */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  const sum = COEFFICIENTS.reduce((total, c, i) => total + (i === 0 ? c : c / (z + i)), 0);
  const t = z + G + 0.5;
  return Math.log(2 * Math.PI) / 2 + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}
