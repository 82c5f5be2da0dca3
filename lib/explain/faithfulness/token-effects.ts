import * as tf from "@tensorflow/tfjs";
import { proportionalWeights } from "../../attention/normalisers/proportional";
import { requireWhole } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";
import { type PooledImages, probabilitiesUnder, requireDecided, requirePooled } from "../pooled-images";

/** What a decision loses without one position; each `[batch, positions]`. */
export interface TokenEffects {
  /** What the explained class loses, p(all) − p(all but i), −1 … 1: negative where it gains. */
  drops: Float32Array;
  /** How far the probabilities of all classes move, whatever the direction: total variation, 0 … 1. */
  distances: Float32Array;
}

/**
 * Leave-one-out in tokens: what changes when one position is dropped from the pooling, its weight zero and the others
 * scaled to sum to one again. For a softmax that is what masking the position gives.
 *
 * Unlike occlusion it leaves the neighbours' tokens alone, which have seen the position's pixels in the layers before.
 * Where one position holds all of the weight, nothing is left without it, and the classifier decides on zeros.
 *
 * Correlate it with the weights by `spearman`. Weights have no sign: with `distances` the question is whether positions
 * with more weight matter more, in either direction; with `drops`, whether they speak more for the class. The second can be
 * negative for good weights, since dropping clutter raises the class, the more so the more weight it had.
 *
 * Source: Jain & Wallace 2019, section 4.1 (https://arxiv.org/abs/1902.10186), whose measure is `distances`. Deviations:
 * they run their encoder again without the word, and correlate by Kendall's τ.
 *
 * @param targets the class that is explained, for each image
 * @throws UserError for tokens and weights that don't belong together, or targets that are not one class an image
 */
export async function tokenEffects(images: PooledImages, targets: ArrayLike<number>): Promise<TokenEffects> {
  requirePooled(images);
  const [batch, positions] = images.weights.shape;
  if (targets.length !== batch) {
    throw new UserError(`There are ${targets.length} targets for ${batch} images. Give one for each.`);
  }
  const effects = tf.tidy(() => {
    const original = images.weights.expandDims<tf.Tensor3D>(1);
    const allButOne = tf.sub(1, tf.eye(positions)).expandDims(0); // [1, positions, positions]
    const without = proportionalWeights(original.mul(allButOne));
    const before = probabilitiesUnder(images, original);
    const lost = before.sub(probabilitiesUnder(images, without)); // [batch, positions, classes]
    const classes = before.shape[2];
    for (const target of Array.from(targets)) requireWhole("A target class", target, 0, classes - 1);
    const chosen = tf
      .oneHot(tf.tensor1d(Array.from(targets), "int32"), classes)
      .toFloat()
      .expandDims(1);
    return { drops: lost.mul(chosen).sum(2), distances: lost.abs().sum(2).div(2) };
  });
  const [drops, distances] = await Promise.all([
    effects.drops.data<"float32">(),
    effects.distances.data<"float32">(),
  ]);
  tf.dispose(effects);
  requireDecided(distances, positions);
  return { drops, distances };
}
