import * as tf from "@tensorflow/tfjs";

/** Each row sorted, largest first, with the count of positions up to each: `k` is 1, 2, … positions. */
export function descending(rows: tf.Tensor3D): { sorted: tf.Tensor3D; k: tf.Tensor1D } {
  const positions = rows.shape[2];
  return { sorted: tf.topk(rows, positions).values, k: tf.range(1, positions + 1) };
}
