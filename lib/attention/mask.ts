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
