import * as tf from "@tensorflow/tfjs";
import { type CommonOptions, featureGradient, type Question, type RelevanceMap } from "../question";

/**
 * Grad-CAM: the channels A^k of the features, each weighted by the mean of the target's gradient at it,
 * α_k = (1/Z) Σ_ij ∂y/∂A^k_ij, added up, and what is negative set to zero: relu(Σ_k α_k A^k).
 *
 * Source: Selvaraju et al. 2017 (https://arxiv.org/abs/1610.02391), equations 1 and 2. The features are those that
 * the network pools, so the map lies on the token grid; the paper enlarges it, which `enlargeMap` does.
 */
export async function gradCam(question: Question, _options: CommonOptions): Promise<RelevanceMap> {
  return weightedChannels(question, (gradient) => tf.mean(gradient, [1, 2], true));
}

/**
 * relu(Σ_k w_k A^k) with weights taken from the gradient at the features: of the channels, `[1, 1, 1, channels]`, or of each
 * position's, `[1, rows, columns, channels]`.
 * @param upstream what each logit counts in what is explained, `[1, classes]`; the target's alone when left out
 */
export async function weightedChannels(
  question: Question,
  weightsOf: (gradient: tf.Tensor4D) => tf.Tensor,
  upstream?: tf.Tensor2D,
): Promise<RelevanceMap> {
  const { rows, columns } = question.network;
  const sum = tf.tidy(() => {
    const weights = weightsOf(featureGradient(question, upstream));
    return tf.relu(tf.sum(tf.mul(question.features, weights), -1));
  });
  const map = await sum.data<"float32">();
  sum.dispose();
  return { map, rows, columns };
}
