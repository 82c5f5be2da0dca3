import * as tf from "@tensorflow/tfjs";
import type { CommonOptions, Question, RelevanceMap } from "../question";
import { weightedChannels } from "./grad-cam";

/**
 * Grad-CAM++: as Grad-CAM, but a channel's weight is the sum of its positive gradients g, each weighted by
 * α_ij = g_ij² / (2 g_ij² + g_ij³ Σ_ab A_ab), 0 where g is 0. It is meant for objects that appear several times in an
 * image, which a plain mean of the gradients weighs by their size.
 *
 * Source: Chattopadhay et al. 2018 (https://arxiv.org/abs/1710.11063), equations 7 and 19; the latter, the closed form
 * of α, belongs to the class score Y = exp(S), S being the logit. Deviation: the factor exp(S) that the gradient of Y
 * has everywhere is left out; it scales the whole map, and overflows for large logits.
 */
export async function gradCamPlusPlus(question: Question, _options: CommonOptions): Promise<RelevanceMap> {
  return weightedChannels(question, (gradient) => {
    const square = tf.square(gradient);
    const activation = tf.sum(question.features, [1, 2], true);
    const denominator = tf.add(tf.mul(square, 2), tf.mul(tf.mul(square, gradient), activation));
    const alpha = tf.divNoNan(square, denominator);
    return tf.sum(tf.mul(alpha, tf.relu(gradient)), [1, 2], true);
  });
}
