import * as tf from "@tensorflow/tfjs";
import { requireTemperature } from "../arguments";
import { withoutGradient } from "../mask";
import type { ScoreDefinition } from "./definition";
import { dotProductScores } from "./dot-product";
import { type Query, requireScoreInputs, withQueryAxis } from "./queries";

// Squared lengths below this are zero: float32 holds nothing of use there, and its inverse root would overflow.
const shortest = 1e-30;

/**
 * The cosine score: e_i = yᵀ h_i / (|y| |h_i|) / T, the cosine of the angle between query and key over a
 * temperature. How long the two are does not count, so that a loud token gets no more than a quiet one.
 * A vector of zeros points nowhere: its cosine with everything is 0, and it gets no gradient.
 *
 * Source: the content addressing of Graves, Wayne and Danihelka, "Neural Turing machines", 2014
 * (https://arxiv.org/abs/1410.5401), equations 5 and 6. Deviations: their key strength β = 1/T is computed by the
 * network at every step, here T is a number that stays; they leave a vector of zeros undefined.
 *
 * @param keys h_i, `[batch, positions, channels]`
 * @param query y, `[batch, channels]` or `[batch, queries, channels]`; a batch of 1 is shared by all
 * @param temperature T > 0: the scores lie in −1/T … 1/T
 * @returns scores e_i, `[batch, queries, positions]`
 * @throws UserError for a temperature that is not above 0, and tensors whose shapes don't fit together or that are
 *   not float32
 */
export function cosineScores(keys: tf.Tensor3D, query: Query, temperature = 1): tf.Tensor3D {
  requireTemperature("cosineScores", temperature);
  requireScoreInputs("cosineScores", { keys, query, comparesChannels: true });
  return tf.tidy(() => {
    const queries = withQueryAxis(query);
    // The scores are divided, not the vectors: they are fewer numbers.
    const overKeys = inverseLengths(keys).reshape([keys.shape[0], 1, keys.shape[1]]);
    const overQueries = inverseLengths(queries).div(temperature);
    return dotProductScores(keys, queries).mul(overKeys).mul(overQueries);
  });
}

/** One over the length of each vector, `[batch, vectors, 1]`; 0 for a vector of zeros. */
function inverseLengths(vectors: tf.Tensor3D): tf.Tensor3D {
  const squared = vectors.square().sum(-1, true);
  const points = withoutGradient(() => squared.greater(shortest));
  return tf.where(points, squared, 1).rsqrt().mul(points.toFloat());
}

/** e_i = yᵀ h_i / (|y| |h_i|) / T. */
export interface CosineScore {
  kind: "cosine";
  /** T > 0, 1 by default: with softmax, no weight is more than exp(2/T) times another. */
  temperature?: number;
}

export const cosine: ScoreDefinition<CosineScore> = {
  check({ temperature }, layer) {
    requireTemperature(`${layer}, cosine score`, temperature ?? 1);
  },
  comparesChannels: true,
  parameters: () => ({}),
  scores: ({ temperature }, keys, query) => cosineScores(keys, query, temperature ?? 1),
};
