import type * as tf from "@tensorflow/tfjs";

/** One query for each input, `[batch, channels]`, or several, `[batch, queries, channels]`. */
export type Query = tf.Tensor<tf.Rank.R2 | tf.Rank.R3>;

/** A query with its axis of queries: `[batch, channels]` becomes `[batch, 1, channels]`. */
export function withQueryAxis(query: Query): tf.Tensor3D {
  return query.rank === 3 ? (query as tf.Tensor3D) : query.expandDims<tf.Tensor3D>(1);
}
