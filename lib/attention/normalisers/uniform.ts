import * as tf from "@tensorflow/tfjs";
import { proportionalWeights } from "./proportional";

/**
 * Equal weights, whatever the scores: 1/n on each of the n positions that the mask keeps, 0 on the others.
 * Attention with these weights is mean pooling, the control that every learned attention has to beat.
 * A row whose positions are all masked gets zeros.
 *
 * @param mask `[batch, positions]`, true or non-zero where a position counts; all do by default
 * @returns weights `[batch, 1, positions]`
 */
export function uniformWeights(batch: number, positions: number, mask?: tf.Tensor2D): tf.Tensor3D {
  return tf.tidy(() => proportionalWeights(tf.ones([batch, 1, positions]), mask));
}
