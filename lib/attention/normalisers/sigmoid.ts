import * as tf from "@tensorflow/tfjs";
import { keptPositions } from "../mask";

/**
 * A gate of its own for each position: α_i = 1 / (1 + exp(−e_i)). No position takes weight from another, and the
 * rows are *not* normalised: they sum to anything between 0 and the number of positions, so the context is a sum
 * of tokens, not a mean, and grows with the positions that are let through. Adding a constant to all scores
 * changes the weights.
 *
 * Masked positions get exactly 0, in weight and in gradient. Scores may be as large as float32 goes.
 *
 * @param scores e_i, `[batch, heads, positions]`
 * @param mask `[batch, positions]`, true or non-zero where a position may be attended to; all may by default
 * @returns weights α_i, `[batch, heads, positions]`, each in 0 … 1
 */
export function sigmoidWeights(scores: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
  return tf.tidy(() => {
    const gates = tf.sigmoid(scores);
    return mask ? gates.mul(keptPositions(mask)) : gates;
  });
}
