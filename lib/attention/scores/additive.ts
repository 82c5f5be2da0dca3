import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import type { ScoreDefinition } from "./definition";
import { type Query, requireScoreInputs, withQueryAxis } from "./queries";

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
 * @param query y, `[batch, query channels]` or `[batch, queries, query channels]`; a batch of 1 is shared by all
 * @returns scores e_i, `[batch, queries, positions]`: any real numbers
 * @throws UserError for tensors whose shapes don't fit together, or that are not float32
 */
export function additiveScores(keys: tf.Tensor3D, query: Query, parameters: AdditiveParameters): tf.Tensor3D {
  const { keyProjection, queryProjection, scoreVector } = parameters;
  requireScoreInputs("additiveScores", {
    keys,
    query,
    comparesChannels: false,
    parameters: {
      keyProjection: [keyProjection, ["key channels", "units"]],
      queryProjection: [queryProjection, ["query channels", "units"]],
      scoreVector: [scoreVector, ["units", 1]],
    },
  });
  const [batch, positions, channels] = keys.shape;
  const units = scoreVector.shape[0];
  return tf.tidy(() => {
    const [asking, queries, queryChannels] = withQueryAxis(query).shape;
    // All positions of the batch go through one product of matrices; W_s y is computed once a query.
    const projectedKeys = keys.reshape([batch * positions, channels]).matMul(keyProjection);
    const projectedQuery = query.reshape([asking * queries, queryChannels]).matMul(queryProjection);
    const hidden = projectedKeys
      .reshape([batch, 1, positions, units])
      .add(projectedQuery.reshape([asking, queries, 1, units]))
      .tanh();
    return hidden
      .reshape([batch * queries * positions, units])
      .matMul(scoreVector)
      .reshape([batch, queries, positions]);
  });
}

/** e_i = vᵀ tanh(W_h h_i + W_s y). */
export interface AdditiveScore {
  kind: "additive";
  /** How many numbers stand between W_h, W_s and v: the width of the tanh. */
  units: number;
}

export const additive: ScoreDefinition<AdditiveScore> = {
  check({ units }, layer) {
    requireWhole(layer, "units", units, 1);
  },
  learnedQueryChannels: ({ units }) => units,
  // v starts at zero, as in the paper (appendix B.1): all positions score the same, so it starts as mean pooling.
  parameters: ({ units }, { channels, queryChannels }) => ({
    keyProjection: { shape: [channels, units] },
    queryProjection: { shape: [queryChannels, units] },
    scoreVector: { shape: [units, 1], start: "zeros" },
  }),
  scores: (_score, keys, query, parameters) =>
    additiveScores(keys, query, parameters as unknown as AdditiveParameters),
};
