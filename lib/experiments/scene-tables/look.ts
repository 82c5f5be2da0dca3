import { spreadOf } from "../../explain/sanity/divergence";

/** Where a pooling looked in scenes of one target among distractors: means over the scenes of a fold. */
export interface Look {
  /**
   * Mass per area on the target, over scenes with distractors: 1 is what a uniform map has. Divided by that on the
   * distractors it is the selectivity.
   */
  targetDensity: number;
  /** The same on all distractors together. */
  distractorDensity: number;
  /** Share of the scenes with distractors in which the heaviest position holds more of the target than of distractors. */
  pointing: number;
  /** Positions over which an even spread would have the weights' entropy, of all scenes; as a share of the positions. */
  effectivePositions: number;
}

/**
 * Of several heads the mean is looked at. What a scene's weights miss to one (a class token keeps some) is left out.
 * @param weights `[scenes, heads, positions]`, as `evaluate` returns them
 * @param masks how much of each position target and distractors cover, `[scenes, positions]`
 * @returns undefined where all positions weigh the same: such a pooling looks nowhere
 */
export function lookOf(
  weights: Float32Array,
  masks: { targets: Float32Array; distractors: Float32Array },
  scenes: number,
): Look | undefined {
  const positions = masks.targets.length / scenes;
  const heads = weights.length / masks.targets.length;
  const sums = { scenes: 0, target: 0, distractor: 0, pointed: 0, effective: 0 };
  let isUniform = true;
  for (let scene = 0; scene < scenes; scene++) {
    const map = meanOfHeads(
      weights.subarray(scene * heads * positions, (scene + 1) * heads * positions),
      heads,
    );
    isUniform &&= map.every((weight) => Math.abs(weight * positions - 1) < 1e-4);
    sums.effective += spreadOf(map).effectivePositions / positions;
    const target = masks.targets.subarray(scene * positions, (scene + 1) * positions);
    const distractor = masks.distractors.subarray(scene * positions, (scene + 1) * positions);
    if (distractor.every((share) => share === 0)) continue;
    sums.scenes++;
    sums.target += density(map, target);
    sums.distractor += density(map, distractor);
    const heaviest = map.indexOf(Math.max(...map));
    sums.pointed += Number(target[heaviest]! > distractor[heaviest]!);
  }
  if (isUniform) return undefined;
  return {
    targetDensity: sums.target / sums.scenes,
    distractorDensity: sums.distractor / sums.scenes,
    pointing: sums.pointed / sums.scenes,
    effectivePositions: sums.effective / scenes,
  };
}

/** Scaled to sum to one. */
function meanOfHeads(weights: Float32Array, heads: number): Float64Array {
  const positions = weights.length / heads;
  const map = Float64Array.from({ length: positions }, (_, position) => {
    let sum = 0;
    for (let head = 0; head < heads; head++) sum += weights[head * positions + position]!;
    return sum;
  });
  const whole = map.reduce((sum, weight) => sum + weight, 0);
  return map.map((weight) => weight / whole);
}

/** Mass on the covered part over the share of the image that it takes. */
function density(map: Float64Array, covered: Float32Array): number {
  let [mass, area] = [0, 0];
  for (let i = 0; i < map.length; i++) {
    mass += map[i]! * covered[i]!;
    area += covered[i]!;
  }
  return (mass / area) * map.length;
}
