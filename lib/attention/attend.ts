import * as tf from "@tensorflow/tfjs";
import { beside, keepOnly, keptPositions } from "./mask";
import { requireTensors } from "./require-tensors";

/**
 * The weighted mean that every way of attending ends in: c = Σ α_i x_i, once for each head.
 *
 * @param values x_i, `[batch, positions, channels]`
 * @param weights α_i, `[batch, heads, positions]`; a row that sums to one makes the context a weighted mean
 * @param mask `[batch, positions]`: 1 (or true, or all but zero) keeps a position, 0 takes it out, whatever stands
 *   there; all count by default. It is needed where a masked value may be NaN or infinite: a weight of 0 alone
 *   doesn't undo these.
 * @returns the context c, `[batch, heads, channels]`
 * @throws UserError for tensors whose shapes don't fit together, or that are not float32
 */
export function attend(values: tf.Tensor3D, weights: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
  requireTensors("attend", {
    values: [values, ["batch", "positions", "channels"]],
    weights: [weights, ["batch", "heads", "positions"]],
    mask: [mask, ["batch", "positions"], "mask"],
  });
  // One product of matrices: a third faster in training than multiplying and summing, and it keeps no
  // [batch, positions, channels] tensor for the gradient.
  if (!mask) return tf.matMul(weights, values);
  return tf.tidy(() =>
    tf.matMul(keepOnly(weights, keptPositions(mask)), keepOnly(values, beside(values, mask))),
  );
}
