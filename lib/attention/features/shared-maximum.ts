import * as tf from "@tensorflow/tfjs";

/** No number of float32 is lower. */
const LOWEST = -3.4028234663852886e38;

/**
 * The maximum over some axes, which are kept with size 1. Numbers that tie for it share the gradient equally, as
 * in PyTorch's `amax`; `tf.max` gives each of them the whole, so that a dead channel (zero everywhere after a
 * ReLU) would count as many times as the grid has positions.
 *
 * @param kept booleans that can be repeated to the shape of x: false where a number does not count; all do by default.
 *   Where none is left the maximum is 0, without gradient.
 */
export function sharedMaximum<T extends tf.Tensor>(x: T, axes: number[], kept?: tf.Tensor): T {
  return tf.customGrad((_x: tf.Tensor | tf.GradSaveFunc, save: tf.Tensor | tf.GradSaveFunc) => {
    const largest = (kept ? tf.where(kept, x, LOWEST) : x).max<T>(axes, true);
    (save as tf.GradSaveFunc)(kept ? [x, largest, kept] : [x, largest]);
    const value = kept ? tf.where(tf.any(kept, axes, true), largest, 0) : largest;
    const gradFunc = (upstream: tf.Tensor, [x, largest, kept]: tf.Tensor[]) => {
      const equal = x!.equal(largest!);
      const holds = (kept ? equal.logicalAnd(kept) : equal).toFloat();
      const count = holds.sum(axes, true);
      return [holds.mul(upstream.div(kept ? count.maximum(1) : count))];
    };
    return { value: value as T, gradFunc };
  })(x) as T;
}
