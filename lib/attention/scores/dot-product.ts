import * as tf from "@tensorflow/tfjs";
import type { ScoreDefinition } from "./definition";
import { type Query, requireScoreInputs, withQueryAxis } from "./queries";

/**
 * The dot product score: e_i = yᵀ h_i. It learns nothing of its own: key and query must speak of the same channels.
 *
 * Source: Luong, Pham and Manning, "Effective approaches to attention-based neural machine translation", 2015
 * (https://arxiv.org/abs/1508.04025), section 3.1, "dot".
 *
 * @param keys h_i, `[batch, positions, channels]`
 * @param query y, `[batch, channels]` or `[batch, queries, channels]`; a batch of 1 is shared by all
 * @returns scores e_i, `[batch, queries, positions]`: any real numbers
 * @throws UserError for tensors whose shapes don't fit together, or that are not float32
 */
export function dotProductScores(keys: tf.Tensor3D, query: Query): tf.Tensor3D {
  requireScoreInputs("dotProductScores", { keys, query, comparesChannels: true });
  return tf.tidy(() => {
    const queries = withQueryAxis(query);
    const [batch, positions, channels] = keys.shape;
    if (queries.shape[0] === batch) return tf.matMul(queries, keys, false, true);
    // Shared queries meet all keys in one product of matrices. A product that repeats them over the batch has
    // no right gradient in TensorFlow.js.
    const shared = queries.reshape<tf.Tensor2D>([queries.shape[1], channels]);
    return keys
      .reshape<tf.Tensor2D>([batch * positions, channels])
      .matMul(shared, false, true)
      .reshape<tf.Tensor3D>([batch, positions, queries.shape[1]])
      .transpose([0, 2, 1]);
  });
}

/**
 * The scaled dot product score: e_i = yᵀ h_i / √channels. Where the entries of key and query are independent with
 * variance 1, the score has variance 1 too, whatever the number of channels.
 *
 * Source: Vaswani et al., "Attention is all you need", 2017 (https://arxiv.org/abs/1706.03762), equation 1.
 *
 * @param keys h_i, `[batch, positions, channels]`
 * @param query y, `[batch, channels]` or `[batch, queries, channels]`; a batch of 1 is shared by all
 * @returns scores e_i, `[batch, queries, positions]`: any real numbers
 * @throws UserError for tensors whose shapes don't fit together, or that are not float32
 */
export function scaledDotProductScores(keys: tf.Tensor3D, query: Query): tf.Tensor3D {
  requireScoreInputs("scaledDotProductScores", { keys, query, comparesChannels: true });
  // On the query, which is smaller than the scores or the keys.
  return tf.tidy(() => dotProductScores(keys, query.div(Math.sqrt(keys.shape[2]))));
}

/** e_i = yᵀ h_i. */
export interface DotProductScore {
  kind: "dotProduct";
}

/** e_i = yᵀ h_i / √channels. */
export interface ScaledDotProductScore {
  kind: "scaledDotProduct";
}

export const dotProduct: ScoreDefinition<DotProductScore> = {
  comparesChannels: true,
  parameters: () => ({}),
  scores: (_score, keys, query) => dotProductScores(keys, query),
};

export const scaledDotProduct: ScoreDefinition<ScaledDotProductScore> = {
  comparesChannels: true,
  parameters: () => ({}),
  scores: (_score, keys, query) => scaledDotProductScores(keys, query),
};
