import * as tf from "@tensorflow/tfjs";
import { keptPositions } from "../mask";

// Far below any amount in use, far above the smallest number that float32 holds exactly.
const tiny = 1e-30;

/**
 * Weights in proportion to amounts: α_i = a_i / Σ_j a_j, with the sum over the positions that the mask keeps.
 * A masked position gets exactly 0; a row whose amounts are all zero or masked gets zeros.
 *
 * @param amounts a_i ≥ 0, `[batch, heads, positions]`
 * @param mask `[batch, positions]`, true or non-zero where a position counts; all do by default
 * @returns weights α_i, `[batch, heads, positions]`, in 0 … 1
 */
export function proportionalWeights(amounts: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
  return tf.tidy(() => {
    const kept = mask ? amounts.mul<tf.Tensor3D>(keptPositions(mask)) : amounts;
    return kept.div(kept.sum(-1, true).maximum(tiny));
  });
}
