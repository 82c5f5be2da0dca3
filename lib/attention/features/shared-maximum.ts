import * as tf from "@tensorflow/tfjs";

/**
 * The maximum over some axes, which are kept with size 1. Numbers that tie for it share the gradient equally, as
 * in PyTorch's `amax`; `tf.max` gives each of them the whole, so that a dead channel (zero everywhere after a
 * ReLU) would count as many times as the grid has positions.
 */
export function sharedMaximum<T extends tf.Tensor>(x: T, axes: number[]): T {
  return tf.customGrad((_x: tf.Tensor | tf.GradSaveFunc, save: tf.Tensor | tf.GradSaveFunc) => {
    const value = x.max<T>(axes, true);
    (save as tf.GradSaveFunc)([x, value]);
    const gradFunc = (upstream: tf.Tensor, saved: tf.Tensor[]) => {
      const holds = saved[0]!.equal(saved[1]!).toFloat();
      return [holds.mul(upstream.div(holds.sum(axes, true)))];
    };
    return { value, gradFunc };
  })(x) as T;
}
