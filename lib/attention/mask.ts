import * as tf from "@tensorflow/tfjs";

/**
 * Computes a tensor that gradients don't flow through, whatever it was computed from.
 *
 * TensorFlow.js has no such operation, and a comparison between a trained variable and the loss makes it
 * throw ("gradient function not found"). An operation without inputs has nothing to send a gradient to.
 */
export function withoutGradient<T extends tf.Tensor>(compute: () => T): T {
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))() as T;
}

/**
 * A mask as numbers: 1 where a position counts, 0 where it does not.
 *
 * @param mask `[batch, positions]`, boolean or numbers, where all but zero counts
 * @returns `[batch, 1, positions]`, float32
 */
export function keptPositions(mask: tf.Tensor2D): tf.Tensor3D {
  return withoutGradient(() => mask.toBool().toFloat().expandDims(1));
}

/**
 * The same beside tokens, to be multiplied with them.
 *
 * @param tokens `[batch, positions, channels]`
 * @param mask `[batch, positions]`; all positions count where there is none
 * @returns `[batch, positions, 1]`, or `[1, positions, 1]` for the whole batch where there is no mask; float32
 */
export function keptTokens(tokens: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
  const [batch, positions] = tokens.shape;
  return mask ? keptPositions(mask).reshape([batch, positions, 1]) : tf.ones([1, positions, 1]);
}
