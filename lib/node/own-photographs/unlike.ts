import { requireWhole } from "../../runtime/checks";

/** How far a photograph is from all that a model was trained on before it says "none of these". */
export interface UnlikeRule {
  /** Distances above this one are too far. */
  threshold: number;
  /** The share of photographs like the validation ones that lie farther all the same, as it is to be expected. */
  falseAlarms: number;
  /** How many validation photographs the threshold comes from. */
  photographs: number;
}

const wantedFalseAlarms = 0.05;

/**
 * For each photograph the distance to the training photograph that is nearest to it: 1 − the cosine of the angle between their
 * features, 0 … 2. Distance to near neighbours in a network's features is what Sun et al. 2022 (arXiv:2204.06507) tell
 * strange inputs by.
 * @param features `[photographs, channels]`, each of length 1
 * @param references of the training photographs, the same
 */
export function nearestDistances(
  features: Float32Array,
  references: Float32Array,
  channels: number,
): Float64Array {
  requireWhole("The number of channels", channels, 1);
  const distances = new Float64Array(features.length / channels);
  for (let i = 0; i < distances.length; i++) {
    let nearest = -1;
    for (let start = 0; start < references.length; start += channels) {
      let cosine = 0;
      for (let c = 0; c < channels; c++) cosine += features[i * channels + c]! * references[start + c]!;
      if (cosine > nearest) nearest = cosine;
    }
    distances[i] = Math.max(0, 1 - nearest);
  }
  return distances;
}

/**
 * The rule by which one photograph in twenty like the validation ones is refused: of n distances the one below which
 * 0.95 (n + 1) of them lie. Of a new photograph like these, (n + 1 − that place) / (n + 1) is then the chance to lie farther
 * (conformal prediction, Vovk et al. 2005, chapter 2); with fewer than 19 photographs that is the largest distance, and more
 * than one in twenty.
 */
export function unlikeRule(distances: ArrayLike<number>): UnlikeRule {
  const photographs = requireWhole("The number of validation photographs", distances.length, 1);
  const sorted = Float64Array.from(distances).sort();
  const place = Math.min(photographs, Math.ceil((1 - wantedFalseAlarms) * (photographs + 1)));
  return {
    threshold: sorted[place - 1]!,
    falseAlarms: (photographs + 1 - place) / (photographs + 1),
    photographs,
  };
}
