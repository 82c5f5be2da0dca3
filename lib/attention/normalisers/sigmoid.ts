import * as tf from "@tensorflow/tfjs";
import { underMask } from "./under-mask";

/**
 * A gate of its own for each position: α_i = 1 / (1 + exp(−e_i)). No position takes weight from another, and the
 * rows are *not* normalised: they sum to anything between 0 and the number of positions, so the context is a sum
 * of tokens, not a mean, and grows with the positions that are let through. Adding a constant to all scores
 * changes the weights.
 *
 * Masked positions get exactly 0 whatever stands there, in weight and in gradient. Scores may be as large as float32
 * goes.
 *
 * @param scores e_i, `[batch, heads, positions]`
 * @param mask `[batch, positions]`: 1 (or true, or all but zero) where a position may be attended to, 0 where not; all
 *   may by default
 * @returns weights α_i, `[batch, heads, positions]`, each in 0 … 1
 * @throws UserError for scores or a mask whose shapes don't fit together, or scores that are not float32
 */
export function sigmoidWeights(scores: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
  return underMask("sigmoidWeights", scores, mask, (clean) => tf.sigmoid(clean));
}
