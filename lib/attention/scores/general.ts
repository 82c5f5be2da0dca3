import * as tf from "@tensorflow/tfjs";
import type { ScoreDefinition } from "./definition";
import { dotProductScores } from "./dot-product";
import { type Query, requireScoreInputs, withQueryAxis } from "./queries";

/** What the general score learns. */
export interface GeneralParameters {
  /** W, `[query channels, key channels]`. */
  scoreMatrix: tf.Tensor2D;
}

/**
 * The general (bilinear) score: e_i = yᵀ W h_i, a dot product in which the query is first put into the channels of
 * the keys.
 *
 * Source: Luong, Pham and Manning 2015 (https://arxiv.org/abs/1508.04025), section 3.1, "general".
 *
 * @param keys h_i, `[batch, positions, key channels]`
 * @param query y, `[batch, query channels]` or `[batch, queries, query channels]`; a batch of 1 is shared by all
 * @returns scores e_i, `[batch, queries, positions]`: any real numbers
 * @throws UserError for tensors whose shapes don't fit together, or that are not float32
 */
export function generalScores(
  keys: tf.Tensor3D,
  query: Query,
  { scoreMatrix }: GeneralParameters,
): tf.Tensor3D {
  requireScoreInputs("generalScores", {
    keys,
    query,
    comparesChannels: false,
    parameters: { scoreMatrix: [scoreMatrix, ["query channels", "key channels"]] },
  });
  return tf.tidy(() => {
    const [batch, queries, channels] = withQueryAxis(query).shape;
    const asked = query.reshape<tf.Tensor2D>([batch * queries, channels]).matMul(scoreMatrix);
    return dotProductScores(keys, asked.reshape<tf.Tensor3D>([batch, queries, scoreMatrix.shape[1]]));
  });
}

/** e_i = yᵀ W h_i. */
export interface GeneralScore {
  kind: "general";
}

export const general: ScoreDefinition<GeneralScore> = {
  parameters: (_score, { queryChannels, channels }) => ({
    scoreMatrix: { shape: [queryChannels, channels] },
  }),
  scores: (_score, keys, query, parameters) =>
    generalScores(keys, query, parameters as unknown as GeneralParameters),
};
