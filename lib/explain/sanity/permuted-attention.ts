import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../../runtime/checks";
import { randomStream } from "../../runtime/random";
import { type PooledImages, probabilitiesUnder, requireDecided, requirePooled } from "../pooled-images";

/** How weights are shuffled. */
export interface PermutedOptions {
  /** How often the weights are shuffled; 100 by default, as in the paper. */
  permutations?: number;
  /** Decides the permutations. */
  seed: number;
}

/** How far the decision about one image moves when its weights change places. */
export interface PermutedAttention {
  /** Median of `distances`. */
  median: number;
  /** Total variation distance between the class probabilities before and after each permutation, 0 … 1. */
  distances: Float32Array;
}

/**
 * Permuted attention: the same weights, dealt to the positions at random. Where the median change of the prediction is
 * near 0 the decision does not rest on *which* positions get the weight, and a map of the weights explains little of it.
 *
 * Source: Jain & Wallace 2019, section 4.2.1 and algorithm 2 (https://arxiv.org/abs/1902.10186), with image tokens in
 * the place of words.
 *
 * @returns one result for each image
 * @throws UserError for tokens and weights that don't belong together, or no permutation
 */
export async function permutedAttention(
  images: PooledImages,
  { permutations = 100, seed }: PermutedOptions,
): Promise<PermutedAttention[]> {
  requirePooled(images);
  requireWhole("The number of permutations", permutations, 1, 1_000_000);
  const [batch, positions] = images.weights.shape;
  const weights = await images.weights.data<"float32">();
  const stream = randomStream(seed, "permuted attention");
  const shuffled = new Float32Array(batch * permutations * positions);
  for (let row = 0; row < batch * permutations; row++) {
    const image = Math.floor(row / permutations);
    const own = Array.from(weights.subarray(image * positions, (image + 1) * positions));
    shuffled.set(stream.shuffled(own), row * positions);
  }
  const distances = tf.tidy(() => {
    const before = probabilitiesUnder(images, images.weights.expandDims(1));
    const after = probabilitiesUnder(images, tf.tensor3d(shuffled, [batch, permutations, positions]));
    return after.sub(before).abs().sum(2).div(2); // [batch, permutations]
  });
  const values = await distances.data<"float32">();
  distances.dispose();
  requireDecided(values, permutations);
  return Array.from({ length: batch }, (_, image) => {
    const own = values.slice(image * permutations, (image + 1) * permutations);
    return { median: medianOf(own), distances: own };
  });
}

function medianOf(values: Float32Array): number {
  const sorted = values.slice().sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
