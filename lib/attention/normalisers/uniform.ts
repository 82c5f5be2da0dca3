import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import { requireTensors } from "../require-tensors";
import { proportionalWeights } from "./proportional";

/**
 * Equal weights, whatever the scores: 1/n on each of the n positions that the mask keeps, 0 on the others.
 * Attention with these weights is mean pooling, the control that every learned attention has to beat.
 * A row whose positions are all masked gets zeros.
 *
 * @param mask `[batch, positions]`: 1 (or true, or all but zero) keeps a position, 0 takes it out; all count by default
 * @returns weights `[batch, 1, positions]`
 * @throws UserError for a batch or positions that are no whole number, no positions, or a mask of another shape
 */
export function uniformWeights(batch: number, positions: number, mask?: tf.Tensor2D): tf.Tensor3D {
  requireWhole("uniformWeights", "batch", batch, 0);
  requireWhole("uniformWeights", "positions", positions, 1);
  requireTensors("uniformWeights", { mask: [mask, [batch, positions], "mask"] });
  return tf.tidy(() => proportionalWeights(tf.ones([batch, 1, positions]), mask));
}
