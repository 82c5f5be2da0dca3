import type * as tf from "@tensorflow/tfjs";

/** The values of a tensor, which is disposed. */
export function read(tensor: tf.Tensor): number[] {
  const values = [...tensor.dataSync()];
  tensor.dispose();
  return values;
}
