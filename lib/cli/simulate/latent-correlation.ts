/**
 * The correlation of two standard normal variables that makes their excesses over two thresholds covary so much: what a
 * component of right and wrong answers is on the scale of the threshold model.
 *
 * Source: ∂Φ₂(h, k; ρ)/∂ρ = φ₂(h, k; ρ) (Plackett 1954), so that the covariance is the integral of the density from 0 to ρ.
 *
 * @param covariance of the two answers, each 0 or 1; what lies below 0 counts as 0
 * @param thresholds pairs of thresholds, one a class; the covariance is the mean over them
 * @returns 0 … 0.98
 */
export function latentCorrelation(
  covariance: number,
  thresholds: readonly (readonly [number, number])[],
): number {
  const step = 0.005;
  const density = (rho: number) =>
    thresholds.reduce((sum, [h, k]) => sum + binormalDensity(h, k, rho), 0) / thresholds.length;
  let reached = 0;
  for (let rho = 0; rho < 0.98; rho += step) {
    const more = density(rho + step / 2) * step;
    if (reached + more >= covariance) return rho + Math.max(0, (step * (covariance - reached)) / more);
    reached += more;
  }
  return 0.98;
}

function binormalDensity(h: number, k: number, rho: number): number {
  const left = 1 - rho * rho;
  return Math.exp(-(h * h - 2 * rho * h * k + k * k) / (2 * left)) / (2 * Math.PI * Math.sqrt(left));
}
