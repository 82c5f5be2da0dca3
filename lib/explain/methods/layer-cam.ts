import * as tf from "@tensorflow/tfjs";
import type { CommonOptions, Question, RelevanceMap } from "../question";
import { weightedChannels } from "./grad-cam";

/**
 * LayerCAM: the features A, each weighted by the positive part of the target's gradient at it, added up over the channels, and
 * what is negative set to zero: relu(Σ_k relu(∂y/∂A^k) ⊙ A^k). Every position has weights of its own, as in HiResCAM, but
 * channels whose increase would lower the logit don't count.
 *
 * Source: Jiang et al. 2021, "LayerCAM: exploring hierarchical class activation maps for localization"
 * (https://doi.org/10.1109/TIP.2021.3089943).
 */
export async function layerCam(question: Question, _options: CommonOptions): Promise<RelevanceMap> {
  return weightedChannels(question, (gradient) => tf.relu(gradient));
}
