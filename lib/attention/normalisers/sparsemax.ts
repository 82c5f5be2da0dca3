import type * as tf from "@tensorflow/tfjs";
import { descending } from "./descending";
import { thresholdWeights } from "./threshold";

/**
 * Sparsemax over the positions: α_i = max(e_i − τ, 0), with the one τ of each row that makes its weights sum to
 * one. It is the point nearest to the scores among all weights that are ≥ 0 and sum to one. Positions that score
 * 1 or more below the best get exactly 0, in weight and in gradient.
 *
 * Masked positions get exactly 0 whatever stands there; a row masked whole gets zeros; scores may be as large as float32 goes.
 *
 * Source: Martins and Astudillo 2016 (https://arxiv.org/abs/1602.02068), proposition 1 and algorithm 1; the
 * gradient is in section 2.5. Where the paper looks for the size of the support first, τ is found here as a
 * maximum: (Σ_{j≤k} e_(j) − 1) / k, over the k largest scores, is largest where k is the size of the support.
 *
 * @param scores e_i, `[batch, heads, positions]`
 * @param mask `[batch, positions]`: 1 (or true, or all but zero) where a position may be attended to, 0 where not; all
 *   may by default
 * @returns weights α_i, `[batch, heads, positions]`, in 0 … 1
 * @throws UserError for scores or a mask whose shapes don't fit together, or scores that are not float32
 */
export function sparsemaxWeights(scores: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
  return thresholdWeights("sparsemaxWeights", scores, mask, 1, sparsemax, (weights) =>
    weights.greater<tf.Tensor3D>(0).toFloat(),
  );
}

function sparsemax(shifted: tf.Tensor3D): tf.Tensor3D {
  const { sorted, k } = descending(shifted);
  // Axis 2 and not −1: the wasm and the cpu backend mistake a negative axis of this operation.
  const threshold = sorted.cumsum(2).sub(1).div(k).max(-1, true);
  return shifted.sub<tf.Tensor3D>(threshold).relu();
}
