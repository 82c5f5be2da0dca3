import type * as tf from "@tensorflow/tfjs";

/**
 * Deals the channels of every token to heads: head h gets the h-th run of `channels / heads` of them.
 *
 * @param tokens `[batch, positions, channels]`
 * @param heads divides the channels
 * @returns `[batch, heads, positions, channels / heads]`
 */
export function splitHeads(tokens: tf.Tensor3D, heads: number): tf.Tensor4D {
  const [batch, positions, channels] = tokens.shape;
  return tokens.reshape([batch, positions, heads, channels / heads]).transpose([0, 2, 1, 3]);
}

/**
 * Puts the channels of all heads side by side again; it undoes `splitHeads`.
 *
 * @param tokens `[batch, heads, positions, channels]`
 * @returns `[batch, positions, heads · channels]`
 */
export function mergeHeads(tokens: tf.Tensor4D): tf.Tensor3D {
  const [batch, heads, positions, channels] = tokens.shape;
  return tokens.transpose([0, 2, 1, 3]).reshape([batch, positions, heads * channels]);
}
