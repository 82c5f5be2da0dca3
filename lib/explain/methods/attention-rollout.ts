import * as tf from "@tensorflow/tfjs";
import type { CommonOptions, Question, RelevanceMap } from "../question";
import { mapOfPositions, readingRow, requireSelfAttention } from "../self-attention";

/**
 * Attention rollout: follows attention from the pooling down through a stack of self-attention to the positions that
 * the stack was given. Every layer mixes each position with itself, since the residual hands it on: Â = ½ (A + I), with
 * A the mean over the heads. The layers multiply, and the pooling's weights α choose among what the last one gives:
 * α Â_N ⋯ Â_1.
 *
 * Source: Abnar and Zuidema, "Quantifying attention flow in transformers", 2020 (https://arxiv.org/abs/2005.00928),
 * section 3 and equation 1. There the last row is that of a class token; here it is the pooling's.
 *
 * @param layers A of each layer, the first layer first, `[heads, positions, positions]`: row q says where q looks
 * @param pooling α, `[heads, positions]`; several heads are averaged
 * @returns how much of the context comes from each position, `[positions]`, ≥ 0; it sums to one where every row of
 *   weights does
 */
export function rolledOutAttention(layers: readonly tf.Tensor3D[], pooling: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => {
    let relevance = pooling.mean<tf.Tensor2D>(0, true);
    // From the top down, one row times a matrix each, instead of a product of whole matrices.
    for (const weights of [...layers].reverse()) {
      relevance = relevance
        .matMul<tf.Tensor2D>(weights.mean<tf.Tensor2D>(0))
        .add<tf.Tensor2D>(relevance)
        .div(2);
    }
    return relevance.squeeze<tf.Tensor1D>([0]);
  });
}

/**
 * `rolledOutAttention` of a network whose head is a stack of self-attention, or of a vision transformer down from its class
 * token; what stays at the class token and registers is left out of the map, which then sums to less than one. It says where the context was taken from,
 * whatever the classifier made of it: the map is the same for every target.
 * @throws UserError for a network without self-attention
 */
export async function attentionRollout(question: Question, _options: CommonOptions): Promise<RelevanceMap> {
  const layers = requireSelfAttention(question.prediction, "attention rollout");
  const rolled = tf.tidy(() =>
    rolledOutAttention(
      layers.map((weights) => weights.squeeze([0])),
      readingRow(question),
    ),
  );
  return mapOfPositions(question.network, rolled);
}
