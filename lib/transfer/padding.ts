import * as tf from "@tensorflow/tfjs";
import { clearMasked } from "../attention/mask";

/**
 * Positions with zeros in the place of padding, so that whatever stands there, NaN included, has no effect, forward or
 * gradient.
 * @param grids `[batch, …grid, channels]`
 * @param mask `[batch, positions]`, 1 where a position counts; without one the grids themselves come back
 */
export function withoutPadding<Grids extends tf.Tensor>(grids: Grids, mask: tf.Tensor2D | undefined): Grids {
  return mask ? clearMasked(grids, mask.reshape(grids.shape.slice(0, -1))) : grids;
}

/**
 * The mask of a coarser grid: a position counts where any of those does of which it was made.
 * @param mask `[batch, positions]`, 1 where a position counts
 * @param grid sizes of the mask's axes
 * @param strides how many positions become one, along each axis; the last of them may be cut
 * @returns `[batch, coarser positions]`
 */
export function coarserMask(
  mask: tf.Tensor2D,
  grid: readonly number[],
  strides: readonly number[],
): tf.Tensor2D {
  if (strides.every((stride) => stride === 1)) return mask;
  return tf.tidy(() => {
    const [batch] = mask.shape;
    let sizes = [...grid];
    let kept: tf.Tensor = mask;
    for (const [axis, stride] of strides.entries()) {
      const coarser = Math.ceil(sizes[axis]! / stride);
      const before = sizes.slice(0, axis).reduce((product, size) => product * size, batch);
      const after = sizes.slice(axis + 1).reduce((product, size) => product * size, 1);
      const missing = coarser * stride - sizes[axis]!;
      kept = kept
        .reshape<tf.Tensor3D>([before, sizes[axis]!, after])
        .pad([
          [0, 0],
          [0, missing],
          [0, 0],
        ])
        .reshape([before, coarser, stride, after])
        .max(2);
      sizes = sizes.map((size, i) => (i === axis ? coarser : size));
    }
    return kept.reshape([batch, -1]);
  });
}
