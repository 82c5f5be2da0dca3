import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../runtime/checks";
import { UserError } from "../runtime/user-error";

/**
 * The mask of sequences that were filled up to one number of positions: the first `lengths[b]` positions of sequence b
 * count, the others don't. Every layer and function with a mask takes it.
 *
 * @param lengths one for each sequence, a whole number from 0 to `positions`
 * @param positions of every sequence after filling up, at least 1
 * @returns `[batch, positions]`, float32: 1 keeps a position, 0 takes it out
 * @throws UserError for a length that is no whole number in that range, naming the sequence
 */
export function lengthsToMask(lengths: ArrayLike<number>, positions: number): tf.Tensor2D {
  requireWhole("lengthsToMask: positions", positions, 1);
  if (lengths == null || typeof lengths === "string" || !Number.isSafeInteger(lengths.length)) {
    throw new UserError("lengthsToMask takes the lengths as a list of numbers, one for each sequence.");
  }
  const mask = new Float32Array(lengths.length * positions);
  for (let i = 0; i < lengths.length; i++) {
    const what = `lengthsToMask: the length of sequence ${i}, counted from 0,`;
    const length = requireWhole(what, lengths[i]!, 0, positions);
    mask.fill(1, i * positions, i * positions + length);
  }
  return tf.tensor2d(mask, [lengths.length, positions]);
}
