import * as tf from "@tensorflow/tfjs";
import { requireTemperature } from "../arguments";
import { keepOnly } from "../mask";
import { shares } from "./proportional";
import { underMask } from "./under-mask";

/**
 * Softmax over the positions: α_i = exp(e_i / T) / Σ_j exp(e_j / T), with the sum over the positions that the
 * mask keeps. The temperature T is 1 by default; below 1 the weights gather on the highest scores, above 1 they
 * even out.
 *
 * - Every row of weights sums to one, and a masked position gets exactly 0 whatever stands there, in weight and in
 *   gradient.
 * - Scores may be as large as float32 goes: only their differences are exponentiated.
 * - A row whose positions are *all* masked has nothing to attend to: its weights are all 0, so its context
 *   and its gradient are 0 too. It is no error, since finding it out would mean waiting for the values.
 *
 * @param scores e_i, `[batch, heads, positions]`
 * @param mask `[batch, positions]`: 1 (or true, or all but zero) where a position may be attended to, 0 where not; all
 *   may by default
 * @param temperature T > 0
 * @returns weights α_i, `[batch, heads, positions]`, in 0 … 1
 * @throws UserError for a temperature that is not above 0, scores or a mask whose shapes don't fit together, or scores
 *   that are not float32
 */
export function softmaxWeights(scores: tf.Tensor3D, mask?: tf.Tensor2D, temperature = 1): tf.Tensor3D {
  requireTemperature("softmaxWeights", temperature);
  return underMask("softmaxWeights", scores, mask, (clean, kept) => softmax(clean, kept, temperature));
}

function softmax(scores: tf.Tensor3D, kept: tf.Tensor3D | undefined, temperature: number): tf.Tensor3D {
  if (!kept && temperature === 1) return tf.softmax(scores);
  // Has its own gradient, the one of the plain softmax: the automatic one would go through the filling and
  // the dividing too, and arrive at the same numbers.
  return tf.customGrad((_scores: tf.Tensor | tf.GradSaveFunc, save: tf.Tensor | tf.GradSaveFunc) => {
    const weights = kept ? keptSoftmax(scores, kept, temperature) : tf.softmax(heated(scores, temperature));
    (save as tf.GradSaveFunc)([weights]);
    return {
      value: weights,
      gradFunc: (upstream: tf.Tensor, saved: tf.Tensor[]) => gradient(upstream, saved[0]!, temperature),
    };
  })(scores) as tf.Tensor3D;
}

function keptSoftmax(scores: tf.Tensor3D, kept: tf.Tensor3D, temperature: number): tf.Tensor3D {
  // Filled with the row's lowest score, a masked position never hides a kept one: after masking their sum is
  // still at least 1/positions, however far apart the scores are.
  const filled = tf.where(kept, scores, scores.min<tf.Tensor3D>(-1, true));
  return shares(keepOnly(tf.softmax(heated(filled, temperature)), kept));
}

/** Scores divided by T, after the largest is taken off: a quotient beyond float32 is then −∞, which weighs 0. */
function heated(scores: tf.Tensor3D, temperature: number): tf.Tensor3D {
  if (temperature === 1) return scores;
  return scores.sub(scores.max(-1, true)).div(temperature);
}

/** ∂L/∂e_i = α_i (∂L/∂α_i − Σ_j α_j ∂L/∂α_j) / T */
function gradient(upstream: tf.Tensor, weights: tf.Tensor, temperature: number): tf.Tensor[] {
  const product = upstream.mul(weights);
  const atOne = product.sub(weights.mul(product.sum(-1, true)));
  return [temperature === 1 ? atOne : atOne.div(temperature)];
}
