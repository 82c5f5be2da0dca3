import * as tf from "@tensorflow/tfjs";
import { descending } from "./descending";
import { thresholdWeights } from "./threshold";

/**
 * Entmax with α = 1.5 over the positions: α_i = max(e_i / 2 − τ, 0)², with the one τ of each row that makes its
 * weights sum to one. It stands halfway between softmax (α = 1, no weight is ever 0) and sparsemax (α = 2):
 * positions that score 2 or more below the best get exactly 0, in weight and in gradient, and its weights are
 * smooth where sparsemax has a kink.
 *
 * Masked positions get exactly 0 whatever stands there; a row masked whole gets zeros; scores may be as large as float32 goes.
 *
 * Source: Peters, Niculae and Martins 2019 (https://arxiv.org/abs/1905.05702), section 3: the exact algorithm for
 * α = 1.5, which sorts, and the gradient of proposition 1 with s_i = √α_i. One deviation: a step of Newton's
 * method follows, because τ comes out of a difference of squares, which loses digits in float32.
 *
 * @param scores e_i, `[batch, heads, positions]`
 * @param mask `[batch, positions]`: 1 (or true, or all but zero) where a position may be attended to, 0 where not; all
 *   may by default
 * @returns weights α_i, `[batch, heads, positions]`, in 0 … 1
 * @throws UserError for scores or a mask whose shapes don't fit together, or scores that are not float32
 */
export function entmax15Weights(scores: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
  return thresholdWeights("entmax15Weights", scores, mask, 2, entmax15, (weights) => weights.sqrt());
}

function entmax15(shifted: tf.Tensor3D): tf.Tensor3D {
  const { sorted, k } = descending(shifted);
  // τ(k), as if the k largest scores were the support: their mean less √((1 − Σ (e − mean)²) / k).
  // Axis 2 and not −1: the wasm and the cpu backend mistake a negative axis of this operation.
  const mean = sorted.cumsum(2).div<tf.Tensor3D>(k);
  const variance = sorted.square().cumsum(2).div(k).sub(mean.square());
  const candidates = mean.sub<tf.Tensor3D>(tf.div(1, k).sub(variance).relu().sqrt());
  // Right is the largest k whose τ lies below all of its scores; up to there τ(k) only grows.
  const rough = tf.where(candidates.lessEqual(sorted), candidates, -1).max(-1, true);
  const above = shifted.sub(rough).relu();
  const excess = above.square().sum(-1, true).sub(1);
  const threshold = rough.add(excess.div(above.sum(-1, true).mul(2)));
  return shifted.sub(threshold).relu<tf.Tensor3D>().square();
}
