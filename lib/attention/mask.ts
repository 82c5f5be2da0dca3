import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import { requireTensors } from "./require-tensors";

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
 * Puts 0 at the positions that a mask takes out, whatever stands there: NaN and infinity too. The gradient of such a
 * position is exactly 0, whatever arrives for it.
 *
 * Every layer with a mask does this to its tokens before any arithmetic, because afterwards it is too late: 0 · NaN is
 * NaN, in the weighted mean and in the gradients of all parameters. Do the same to tokens that go into a function
 * without a mask, such as a score.
 *
 * @param values `[batch, positions, channels]`, `[batch, rows, columns, channels]`, … : any axes after those of the mask
 * @param mask `[batch, positions]` or `[batch, rows, columns]`, …: 1 (or true, or all but zero) keeps a position, 0
 *   takes it out
 * @returns a tensor of the shape of the values
 * @throws UserError for a mask whose axes are not the first of the values
 */
export function clearMasked<T extends tf.Tensor>(values: T, mask: tf.Tensor): T {
  const where = "clearMasked";
  requireTensors(where, {
    values: [values, values?.shape ?? []],
    mask: [mask, mask?.shape ?? [], "amounts"],
  });
  if (mask.rank > values.rank || mask.shape.some((size, axis) => size !== values.shape[axis])) {
    throw new UserError(
      `${where}: the axes of the mask must be the first axes of the values, ` +
        `but the mask is [${mask.shape.join(", ")}] and the values are [${values.shape.join(", ")}].`,
    );
  }
  return tf.tidy(() => keepOnly(values, beside(values, mask)));
}

/** The mask as booleans that stand beside the values: an axis of 1 for each of theirs that it lacks. */
export function beside(values: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  const more = Array<number>(values.rank - mask.rank).fill(1);
  return withoutGradient(() => mask.toBool().reshape([...mask.shape, ...more]));
}

/**
 * The values where `kept`, 0 elsewhere, and the same for the gradient. `tf.where` alone multiplies the gradient that
 * arrives by 0, which leaves NaN of NaN and of infinity.
 *
 * @param kept booleans that can be repeated to the shape of the values
 */
export function keepOnly<T extends tf.Tensor>(values: T, kept: tf.Tensor): T {
  return tf.customGrad((_values: tf.Tensor | tf.GradSaveFunc, save: tf.Tensor | tf.GradSaveFunc) => {
    (save as tf.GradSaveFunc)([kept]);
    return {
      value: tf.where(kept, values, 0),
      gradFunc: (upstream: tf.Tensor, [keptBefore]: tf.Tensor[]) => [tf.where(keptBefore!, upstream, 0)],
    };
  })(values) as T;
}

/**
 * A mask as booleans beside weights or scores.
 *
 * @param mask `[batch, positions]`, boolean or numbers, where all but zero counts
 * @returns `[batch, 1, positions]`, boolean
 */
export function keptPositions(mask: tf.Tensor2D): tf.Tensor3D {
  return withoutGradient(() => mask.toBool().expandDims(1));
}

/**
 * A mask as numbers beside tokens, to be multiplied with them: 1 where a position counts, 0 where it does not.
 *
 * @param tokens `[batch, positions, channels]`
 * @param mask `[batch, positions]`; all positions count where there is none
 * @returns `[batch, positions, 1]`, or `[1, positions, 1]` for the whole batch where there is no mask; float32
 */
export function keptTokens(tokens: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
  const positions = tokens.shape[1];
  return mask
    ? withoutGradient(() => mask.toBool().toFloat().expandDims<tf.Tensor3D>(2))
    : tf.ones([1, positions, 1]);
}

/**
 * Puts 0 in the rows of the batch of which a mask keeps no position: what a layer adds to a context, such as a bias, is no
 * context of nothing.
 *
 * @param contexts `[batch, …]`
 * @param mask `[batch, positions]`
 * @returns a tensor of the shape of the contexts
 */
export function keepRows<T extends tf.Tensor>(contexts: T, mask: tf.Tensor2D): T {
  const ones = Array<number>(contexts.rank - 1).fill(1);
  const kept = withoutGradient(() =>
    mask
      .toBool()
      .any(1)
      .reshape([contexts.shape[0]!, ...ones]),
  );
  return keepOnly(contexts, kept);
}
