import type { RandomStream } from "../runtime/random";
import { normalDistribution } from "./normal";

/**
 * The level at which each of several two-sided comparisons is judged so that, without any true difference, all of them are
 * right together in 95 of 100 cases: single-step max-T over normal variables with these correlations, found by drawing.
 * Comparisons that lean on the same lines agree in part, so the level is milder than Bonferroni's.
 *
 * Source: the single-step procedure of Hothorn, Bretz & Westfall (2008, Biometrical Journal 50), who integrate where this
 * draws; that each comparison then has a critical value of its own degrees of freedom is an addition.
 *
 * @param vectors one a comparison; comparisons correlate as these do (cosine)
 */
export function simultaneousLevel(
  vectors: readonly Float64Array[],
  level: number,
  stream: RandomStream,
  draws = 20_000,
): number {
  if (vectors.length < 2) return level;
  const factor = choleskyFactor(vectors);
  const largest = new Float64Array(draws);
  const normal = new Float64Array(vectors.length);
  for (let draw = 0; draw < draws; draw++) {
    for (let k = 0; k < normal.length; k++) normal[k] = stream.normal();
    for (const row of factor) {
      let value = 0;
      for (let k = 0; k < row.length; k++) value += row[k]! * normal[k]!;
      if (Math.abs(value) > largest[draw]!) largest[draw] = Math.abs(value);
    }
  }
  largest.sort();
  const critical = largest[Math.ceil((1 - level) * draws) - 1]!;
  // No milder than one comparison alone and no stricter than Bonferroni, whatever the draws say.
  return Math.min(level, Math.max(level / vectors.length, 2 * normalDistribution(-critical)));
}

/** The lower triangle whose product with its transpose is the matrix of cosines; a dependent row may end in zeros. */
function choleskyFactor(vectors: readonly Float64Array[]): number[][] {
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const lengths = vectors.map((vector) => Math.sqrt(dot(vector, vector)));
  const factor: number[][] = [];
  for (const [i, vector] of vectors.entries()) {
    const row: number[] = [];
    let rest = 1;
    for (let j = 0; j < i; j++) {
      const other = factor[j]!;
      const scale = lengths[i]! * lengths[j]!;
      const cosine = scale > 0 ? dot(vector, vectors[j]!) / scale : 0;
      const known = row.reduce((sum, value, k) => sum + value * other[k]!, 0);
      const value = other[j]! > 1e-6 ? (cosine - known) / other[j]! : 0;
      row.push(value);
      rest -= value * value;
    }
    row.push(Math.sqrt(Math.max(0, rest)));
    factor.push(row);
  }
  return factor;
}
