import * as tf from "@tensorflow/tfjs";
import { Adam } from "../../graph/adam";
import { requireBetween, requireWhole } from "../../runtime/checks";
import { randomStream } from "../../runtime/random";
import { type PooledImages, probabilitiesUnder, requireDecided, requirePooled } from "../pooled-images";

/** How other weights are searched for. */
export interface AdversarialOptions {
  /** How far the prediction may move, in total variation; 0.01 by default, the paper's for classification. */
  epsilon?: number;
  /** Searches that run side by side for each image; 16 by default. */
  starts?: number;
  /** Steps of each search; 300 by default. */
  iterations?: number;
  /** Decides where the searches start. */
  seed: number;
}

/** The furthest weights that were found for one image. */
export interface AdversarialAttention {
  /** How far the weights that were found are from the original ones, in nats, 0 … ln 2 = 0.693. */
  jensenShannon: number;
  /** How far the prediction moved, 0 … ε. */
  totalVariation: number;
  /** The weights that were found, `[positions]`; the original ones where no others keep the prediction. */
  weights: Float32Array;
}

/** Adam's step on the scores at the beginning; it falls to nothing in a straight line. */
const LEARNING_RATE = 0.1;
/** Adam must forget how steep the penalty was as soon as a search is back within ε, or it stands still there. */
const BETA2 = 0.9;
/**
 * What a prediction beyond ε costs: the paper's λ. Too little leaves a search outside, too much shakes it off the narrow
 * path along ε, and how much is right depends on the classifier: the searches share them out.
 */
const PENALTIES = [1, 4, 16, 64];
/** Far below any weight that counts in a divergence. */
const tiny = 1e-12;

/**
 * Adversarial attention: weights as different as possible from the original ones under which the network says the same.
 * Where they are found the original weights are not *the* explanation of the decision.
 *
 *   maximise JSD(α, α̂)  subject to  TVD(ŷ(α), ŷ(α̂)) ≤ ε
 *
 * by gradient ascent on scores e with α = softmax(e), as JSD − λ·max(0, TVD − ε) with Adam. Half of the searches start
 * near the original weights, half anywhere, with different λ; of all steps of all searches the furthest that keeps to ε
 * counts. What is returned is therefore valid, and a lower bound of what exists.
 *
 * Source: Jain & Wallace 2019, section 4.2.2, equation 3 and its relaxation (https://arxiv.org/abs/1902.10186).
 * Deviations: λ is 1 to 64 and Adam's β₂ 0.9, since with the paper's λ = 500 and the usual 0.999 searches stopped at
 * half of what trying all weights of three positions finds; searches don't repel each other, since only the furthest is
 * reported (the paper's ε-max JSD); the best step counts, not the last. Wiegreffe & Pinter 2019
 * (https://arxiv.org/abs/1908.04626) object that such weights are chosen image by image, where a model would have to
 * learn them: read it beside `seedAgreement` and models guided by given weights.
 *
 * @returns one result for each image
 * @throws UserError for tokens and weights that don't belong together, or options out of range
 */
export async function adversarialAttention(
  images: PooledImages,
  { epsilon = 0.01, starts = 16, iterations = 300, seed }: AdversarialOptions,
): Promise<AdversarialAttention[]> {
  requirePooled(images);
  requireBetween("The ε of adversarial attention", epsilon, 0, 1);
  requireWhole("The number of starts", starts, 1, 10_000);
  requireWhole("The number of iterations", iterations, 1, 1_000_000);
  const original = tf.tidy(() => images.weights.expandDims<tf.Tensor3D>(1).clone());
  const prediction = tf.tidy(() => probabilitiesUnder(images, original));
  const scores = startingScores(original, starts, seed);
  const optimiser = new Adam([scores], { beta2: BETA2 });
  const penalties = tf.tidy(() =>
    // Two searches in a row share a penalty, so that each meets both kinds of start.
    tf.tensor2d(
      Array.from({ length: starts }, (_, i) => PENALTIES[Math.floor(i / 2) % PENALTIES.length]!),
      [1, starts],
    ),
  );
  const attemptAt = (weights: tf.Tensor3D): Attempts => ({
    divergence: divergenceOf(weights, original),
    distance: probabilitiesUnder(images, weights).sub(prediction).abs().sum<tf.Tensor>(2).div<tf.Tensor2D>(2),
    weights,
  });
  let best = tf.tidy(() => attemptAt(original.tile([1, starts, 1])));
  try {
    for (let iteration = 0; iteration < iterations; iteration++) {
      const next = tf.tidy(() => {
        const { grads } = tf.variableGrads(() => {
          const { divergence, distance } = attemptAt(tf.softmax(scores));
          // A sum, so that none of the searches feels another.
          return tf.relu(distance.sub(epsilon)).mul(penalties).sub(divergence).sum<tf.Scalar>();
        }, [scores]);
        optimiser.apply([grads[scores.name]!], LEARNING_RATE * (1 - iteration / iterations));
        return furtherOf(best, attemptAt(tf.softmax(scores)), epsilon);
      });
      tf.dispose([best.divergence, best.distance, best.weights]);
      best = next;
    }
    return await furthestOf(best);
  } finally {
    optimiser.dispose();
    tf.dispose([original, prediction, penalties, scores, best.divergence, best.distance, best.weights]);
  }
}

/** Where all searches stand. A type and no interface, so that it may leave a scope of TensorFlow.js. */
type Attempts = {
  /** JSD from the original weights, `[batch, starts]`. */
  divergence: tf.Tensor2D;
  /** TVD from the original prediction, `[batch, starts]`. */
  distance: tf.Tensor2D;
  /** `[batch, starts, positions]` */
  weights: tf.Tensor3D;
};

/** Standard normal scores; in every second search added to those that give the original weights. */
function startingScores(original: tf.Tensor3D, starts: number, seed: number): tf.Variable<tf.Rank.R3> {
  const [batch, , positions] = original.shape;
  const stream = randomStream(seed, "adversarial attention");
  return tf.tidy(() => {
    const draws = Float32Array.from({ length: batch * starts * positions }, () => stream.normal());
    const near = tf.tensor3d(
      Array.from({ length: starts }, (_, start) => (start + 1) % 2),
      [1, starts, 1],
    );
    const known = original.maximum(1e-6).log().mul(near);
    return tf.variable(tf.tensor3d(draws, [batch, starts, positions]).add<tf.Tensor3D>(known));
  });
}

/** Jensen–Shannon divergence along the last axis, in nats: `[batch, starts]`. */
function divergenceOf(weights: tf.Tensor3D, original: tf.Tensor3D): tf.Tensor2D {
  const middle = weights.add(original).div(2).maximum(tiny).log();
  const [own, others] = [weights, original].map((p) => p.mul(p.maximum(tiny).log().sub(middle)).sum(2));
  return own!.add(others!).div(2);
}

/** Of every search the attempt that is further from the original weights, among those that keep to ε. */
function furtherOf(first: Attempts, second: Attempts, epsilon: number): Attempts {
  const better = second.distance.lessEqual(epsilon).logicalAnd(second.divergence.greater(first.divergence));
  return {
    divergence: tf.where(better, second.divergence, first.divergence),
    distance: tf.where(better, second.distance, first.distance),
    weights: tf.where(
      better.expandDims<tf.Tensor3D>(2).tile([1, 1, first.weights.shape[2]]),
      second.weights,
      first.weights,
    ),
  };
}

async function furthestOf({ divergence, distance, weights }: Attempts): Promise<AdversarialAttention[]> {
  const [batch, starts, positions] = weights.shape;
  requireDecided(await distance.data<"float32">(), starts);
  const [divergences, distances, rows] = await Promise.all([
    divergence.data<"float32">(),
    distance.data<"float32">(),
    weights.data<"float32">(),
  ]);
  return Array.from({ length: batch }, (_, image) => {
    let furthest = image * starts;
    for (let row = furthest + 1; row < (image + 1) * starts; row++) {
      if (divergences[row]! > divergences[furthest]!) furthest = row;
    }
    return {
      jensenShannon: Math.max(0, divergences[furthest]!),
      totalVariation: distances[furthest]!,
      weights: rows.slice(furthest * positions, (furthest + 1) * positions),
    };
  });
}
