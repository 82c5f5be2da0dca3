import * as tf from "@tensorflow/tfjs";

/** What the additive score learns. */
export interface AdditiveParameters {
  /** W_h, `[key channels, units]`. */
  keyProjection: tf.Tensor2D;
  /** W_s, `[query channels, units]`. */
  queryProjection: tf.Tensor2D;
  /** v, `[units, 1]`. */
  scoreVector: tf.Tensor2D;
}

/**
 * The additive score: e_i = vᵀ tanh(W_h h_i + W_s y), how well position i answers the query.
 *
 * Source: Bahdanau, Cho and Bengio, "Neural machine translation by jointly learning to align and translate",
 * 2015 (https://arxiv.org/abs/1409.0473), appendix A.1.2: a(s, h_j) = v_aᵀ tanh(W_a s + U_a h_j). Here U_a is
 * called W_h and W_a is called W_s. As in that equation there is no bias: one added to the scores would be
 * undone by the softmax, and one inside the tanh can be learned as part of a learned query.
 *
 * @param keys h_i, `[batch, positions, key channels]`
 * @param query y, `[batch, query channels]`, or `[1, query channels]` for one query that the batch shares
 * @returns scores e_i, `[batch, 1, positions]`: any real numbers
 */
export function additiveScores(
  keys: tf.Tensor3D,
  query: tf.Tensor2D,
  parameters: AdditiveParameters,
): tf.Tensor3D {
  const { keyProjection, queryProjection, scoreVector } = parameters;
  const [batch, positions, channels] = keys.shape;
  const units = scoreVector.shape[0];
  return tf.tidy(() => {
    // All positions of the batch go through one product of matrices; W_s y is computed once a query.
    const projectedKeys = keys.reshape([batch * positions, channels]).matMul(keyProjection);
    const projectedQuery = query.matMul(queryProjection).reshape([-1, 1, units]);
    const hidden = projectedKeys.reshape([batch, positions, units]).add(projectedQuery).tanh();
    return hidden
      .reshape([batch * positions, units])
      .matMul(scoreVector)
      .reshape([batch, 1, positions]);
  });
}
