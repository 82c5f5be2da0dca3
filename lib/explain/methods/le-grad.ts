import * as tf from "@tensorflow/tfjs";
import { type CommonOptions, type Question, type RelevanceMap, targetRows } from "../question";
import { mapOfPositions, requireSelfAttention } from "../self-attention";

/**
 * What a position counts in LeGrad: the positive part of the gradient at the attention that it receives, mean over the heads
 * and the positions that look at it, then mean over the layers.
 * @param gradients ∇A of each layer, `[heads, queries, positions]`
 * @returns `[positions]`, ≥ 0, in logits
 */
export function meanPositiveGradient(gradients: readonly tf.Tensor3D[]): tf.Tensor1D {
  return tf.tidy(() => {
    const layers = gradients.map((gradient) => gradient.relu().mean<tf.Tensor1D>([0, 1]));
    return tf.stack(layers).mean<tf.Tensor1D>(0);
  });
}

/**
 * LeGrad: in each block of a stack of self-attention, the gradient of the target's logit with respect to the block's attention
 * maps, positive part, averaged over heads, queries and blocks. Unlike attention × gradient it does not weigh by the attention
 * itself: a position counts where *more* attention to it would raise the logit, whether or not it has any.
 *
 * Source: Bousselham et al. 2024, "LeGrad: an explainability method for vision transformers via feature formation sensitivity"
 * (https://arxiv.org/abs/2404.03214). Deviations: the paper gives each block a logit of its own, from the tokens after it, and
 * here it is the last logit, since the pooling and the classifier were trained on the tokens after the last block alone; and it
 * scales the map to 0 … 1, which is left to whoever draws it.
 * @throws UserError for a network without self-attention
 */
export async function leGrad(question: Question, _options: CommonOptions): Promise<RelevanceMap> {
  const { network, features, prediction } = question;
  const layers = requireSelfAttention(prediction, "LeGrad");
  const relevance = tf.tidy(() => {
    const target = targetRows(question, 1);
    const weights = tf.zerosLike(prediction.weights);
    const gradients = tf.grads((...selfAttention) => {
      const probes = { selfAttention: selfAttention as tf.Tensor4D[], weights };
      return tf.sum(tf.mul(network.decide(features, probes).logits, target));
    })(layers.map((layer) => tf.zerosLike(layer)));
    return meanPositiveGradient(gradients.map((gradient) => gradient.squeeze<tf.Tensor3D>([0])));
  });
  return mapOfPositions(network, relevance);
}
