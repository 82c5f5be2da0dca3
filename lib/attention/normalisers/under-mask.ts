import * as tf from "@tensorflow/tfjs";
import { keepOnly, keptPositions } from "../mask";
import { requireTensors } from "../require-tensors";

/**
 * What every normaliser begins with: checks the shapes, and makes a masked position count for nothing. The normaliser sees
 * a score of 0 there whatever stands there, NaN and infinity too; its weight there becomes exactly 0, and so does the
 * gradient. Without a mask the normaliser alone is run.
 *
 * @param where how messages name the normaliser
 * @param weigh scores to weights, both `[batch, heads, positions]`; `kept` is `[batch, 1, positions]`, boolean
 * @throws UserError for scores or a mask whose shapes don't fit together, or scores that are not float32
 */
export function underMask(
  where: string,
  scores: tf.Tensor3D,
  mask: tf.Tensor2D | undefined,
  weigh: (scores: tf.Tensor3D, kept?: tf.Tensor3D) => tf.Tensor3D,
): tf.Tensor3D {
  requireTensors(where, {
    scores: [scores, ["batch", "heads", "positions"]],
    mask: [mask, ["batch", "positions"], "mask"],
  });
  return tf.tidy(() => {
    if (!mask) return weigh(scores);
    const kept = keptPositions(mask);
    return keepOnly(weigh(keepOnly(scores, kept), kept), kept);
  });
}
