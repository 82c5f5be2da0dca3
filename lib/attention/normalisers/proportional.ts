import * as tf from "@tensorflow/tfjs";
import { underMask } from "./under-mask";

// Far below any amount in use, far above the smallest number that float32 holds exactly.
const tiny = 1e-30;

/**
 * Weights in proportion to amounts: α_i = a_i / Σ_j a_j, with the sum over the positions that the mask keeps.
 * A masked position gets exactly 0 whatever stands there, in weight and in gradient; a row whose amounts are all zero
 * or masked gets zeros, and no gradient.
 *
 * @param amounts a_i ≥ 0, `[batch, heads, positions]`
 * @param mask `[batch, positions]`: 1 (or true, or all but zero) keeps a position, 0 takes it out; all count by default
 * @returns weights α_i, `[batch, heads, positions]`, in 0 … 1
 * @throws UserError for amounts or a mask whose shapes don't fit together, or amounts that are not float32
 */
export function proportionalWeights(amounts: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
  return underMask("proportionalWeights", amounts, mask, shares);
}

/** Every row over its sum; zeros for a row of zeros. */
export function shares(amounts: tf.Tensor3D): tf.Tensor3D {
  // Has its own gradient: the automatic one divides by the square of the sum, which is 0/0 for a row of zeros.
  return tf.customGrad((_amounts: tf.Tensor | tf.GradSaveFunc, save: tf.Tensor | tf.GradSaveFunc) => {
    const sum = amounts.sum<tf.Tensor3D>(-1, true).maximum<tf.Tensor3D>(tiny);
    const value = amounts.div<tf.Tensor3D>(sum);
    (save as tf.GradSaveFunc)([value, sum]);
    return { value, gradFunc: (upstream: tf.Tensor, saved: tf.Tensor[]) => [toAmounts(upstream, saved)] };
  })(amounts) as tf.Tensor3D;
}

/** ∂L/∂a_i = (∂L/∂α_i − Σ_j α_j ∂L/∂α_j) / Σ_j a_j, and 0 in a row of zeros. */
function toAmounts(upstream: tf.Tensor, [weights, sum]: tf.Tensor[]): tf.Tensor {
  const centred = upstream.sub(upstream.mul(weights!).sum(-1, true));
  return tf.where(sum!.greater(tiny), centred.div(sum!), 0);
}
