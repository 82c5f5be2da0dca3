import * as tf from "@tensorflow/tfjs";
import { proportionalWeights } from "../../attention/normalisers/proportional";
import { UserError } from "../../runtime/user-error";
import { type PooledImages, probabilitiesUnder, requirePooled } from "../pooled-images";

/**
 * Leave-one-out in tokens: what the explained class loses when one position is dropped from the pooling, its weight
 * zero and the others scaled to sum to one again: p(all) − p(all but i). For a softmax that is what masking the
 * position gives. Negative where the class gains.
 *
 * Unlike occlusion it leaves the neighbours' tokens alone, which have seen the position's pixels in the layers before.
 * Where one position holds all of the weight, nothing is left without it, and the classifier decides on zeros.
 *
 * Correlate it with the weights by `spearman` (Jain & Wallace 2019, section 4.1, https://arxiv.org/abs/1902.10186;
 * deviations: they re-run their encoder without the word, measure the total variation of the prediction, and correlate
 * by Kendall's τ).
 *
 * @param targets the class that is explained, for each image
 * @returns `[batch, positions]`, −1 … 1
 * @throws UserError for tokens and weights that don't belong together, or targets that are not one class an image
 */
export async function tokenEffects(images: PooledImages, targets: ArrayLike<number>): Promise<Float32Array> {
  requirePooled(images);
  const [batch, positions] = images.weights.shape;
  if (targets.length !== batch) {
    throw new UserError(`There are ${targets.length} targets for ${batch} images. Give one for each.`);
  }
  const losses = tf.tidy(() => {
    const original = images.weights.expandDims<tf.Tensor3D>(1);
    const allButOne = tf.sub(1, tf.eye(positions)).expandDims(0); // [1, positions, positions]
    const without = proportionalWeights(original.mul(allButOne));
    const before = probabilitiesUnder(images, original);
    const after = probabilitiesUnder(images, without);
    const classes = before.shape[2];
    const wrong = Array.from(targets).find(
      (target) => !(Number.isSafeInteger(target) && target >= 0 && target < classes),
    );
    if (wrong !== undefined) throw new UserError(`There is no class ${wrong} among ${classes}.`);
    const chosen = tf
      .oneHot(tf.tensor1d(Array.from(targets), "int32"), classes)
      .toFloat()
      .expandDims(1);
    return before.sub(after).mul(chosen).sum(2); // [batch, positions]
  });
  const values = await losses.data<"float32">();
  losses.dispose();
  return values;
}
