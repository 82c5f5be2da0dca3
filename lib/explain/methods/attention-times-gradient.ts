import * as tf from "@tensorflow/tfjs";
import { type CommonOptions, type Question, type RelevanceMap, targetRows } from "../question";
import { mapOfPositions, readingRow, requireSelfAttention } from "../self-attention";

/** Weights of one layer of attention, and the gradient of what is explained with respect to them. */
export interface WeightsAndGradient {
  /** A, `[heads, queries, positions]`: row q says where query q looks. */
  weights: tf.Tensor3D;
  /** ∇A, of the same shape. */
  gradient: tf.Tensor3D;
}

/**
 * Attention × gradient: attention counts where more of it would raise the logit. In each layer
 * Ā = E_h[(∇A ⊙ A)⁺], the mean over the heads of what is positive; relevance gathers as R ← R + Ā R from R = I, so that
 * what a position got through the residual counts whole. At the end the pooling's own Ā takes its row from R.
 *
 * Source: Chefer, Gur and Wolf, "Generic attention-model explainability for interpreting bi-modal and encoder-decoder
 * transformers", 2021 (https://arxiv.org/abs/2103.15679), equations 5 and 6. Deviation: there the row that is read is
 * that of a class token, which is one of the positions; here it is the query of the pooling, which attends to them
 * from outside and hands nothing on by a residual. Where no position speaks for the target, all relevance is zero.
 *
 * @param layers the first layer first, with as many queries as positions
 * @param pooling with one query
 * @returns relevance of each position, `[positions]`, ≥ 0, in logits
 */
export function attentionTimesGradientRelevance(
  layers: readonly WeightsAndGradient[],
  pooling: WeightsAndGradient,
): tf.Tensor1D {
  const counted = ({ weights, gradient }: WeightsAndGradient) =>
    weights.mul<tf.Tensor3D>(gradient).relu().mean<tf.Tensor2D>(0);
  return tf.tidy(() => {
    let relevance = counted(pooling);
    // From the top down, one row times a matrix each, instead of a product of whole matrices.
    for (const layer of [...layers].reverse()) {
      relevance = relevance.add(relevance.matMul<tf.Tensor2D>(counted(layer)));
    }
    return relevance.squeeze<tf.Tensor1D>([0]);
  });
}

/**
 * `attentionTimesGradientRelevance` of a network whose head is a stack of self-attention, for the target's logit.
 * @throws UserError for a network without self-attention
 */
export async function attentionTimesGradient(
  question: Question,
  _options: CommonOptions,
): Promise<RelevanceMap> {
  const { network, features, prediction } = question;
  const layers = requireSelfAttention(prediction, "attention × gradient");
  const relevance = tf.tidy(() => {
    const target = targetRows(question, 1);
    // The class token of a transformer is read without a pooling whose weights could be probed.
    const probed = network.leadingTokens ? layers : [...layers, prediction.weights];
    const gradients = tf.grads((...probes) => {
      const selfAttention = probes.slice(0, layers.length) as tf.Tensor4D[];
      const weights = (probes[layers.length] ?? tf.zerosLike(prediction.weights)) as tf.Tensor3D;
      return tf.sum(tf.mul(network.decide(features, { selfAttention, weights }).logits, target));
    })(probed.map((weights) => tf.zerosLike(weights)));
    const ofOneImage = (weights: tf.Tensor4D, i: number) => ({
      weights: weights.squeeze<tf.Tensor3D>([0]),
      gradient: gradients[i]!.squeeze<tf.Tensor3D>([0]),
    });
    // A class token is read as it is; a pooling is one more layer of attention.
    const row = readingRow(question).expandDims<tf.Tensor3D>(1);
    const gradient = network.leadingTokens ? tf.onesLike(row) : (gradients.at(-1) as tf.Tensor3D);
    return attentionTimesGradientRelevance(layers.map(ofOneImage), { weights: row, gradient });
  });
  return mapOfPositions(network, relevance);
}
