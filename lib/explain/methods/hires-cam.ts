import type { CommonOptions, Question, RelevanceMap } from "../question";
import { weightedChannels } from "./grad-cam";

/**
 * HiResCAM: the features A, each multiplied with the target's gradient at it, added up over the channels, and what is
 * negative set to zero: relu(Σ_k ∂y/∂A^k ⊙ A^k).
 *
 * Where Grad-CAM weighs a channel by the mean of its gradients, this keeps the gradient of every position. Under mean pooling
 * and a linear classifier the two are the same; under attention pooling they are not, because the gradient at a position is
 * larger where the attention is, which the mean smears over the whole grid.
 *
 * Source: Draelos and Carin 2020 (https://arxiv.org/abs/2011.08891). Deviation: maps here hold what speaks for the
 * class, so that negative values are cut off.
 */
export async function hiResCam(question: Question, _options: CommonOptions): Promise<RelevanceMap> {
  return weightedChannels(question, (gradient) => gradient);
}
