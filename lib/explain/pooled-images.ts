import * as tf from "@tensorflow/tfjs";
import { attend } from "../attention/attend";
import { gridsToTokens } from "../attention/grids-to-tokens";
import { firstNotFinite } from "../runtime/checks";
import { UserError } from "../runtime/user-error";
import type { Decision } from "./network";

/** The end of a network, from the features that are pooled to the logits; a `TransferModel` is one. */
export interface PoolingHead {
  /** Whether the pooling takes its weights from outside. */
  readonly takesWeights: boolean;
  /** Pooling and classifier, on features `[batch, rows, columns, channels]`. */
  decide(features: tf.Tensor4D): Decision;
  /** The classifier alone: contexts `[any, channels]` to logits `[any, classes]`. Differentiable. */
  classify(context: tf.Tensor2D): tf.Tensor2D;
}

/** What a pooling made of some images, with all that it takes to decide again under other weights. */
export interface PooledImages {
  /** What is averaged, `[batch, positions, channels]`. */
  tokens: tf.Tensor3D;
  /** The weights of that average, `[batch, positions]`; every row sums to one. */
  weights: tf.Tensor2D;
  /** Contexts `[any, channels]`, from wherever they come, to logits `[any, classes]`. Differentiable. */
  classify(context: tf.Tensor2D): tf.Tensor2D;
}

/** By how much context and weighted mean may differ, as a share of the context's largest number. */
const TOLERANCE = 1e-3;

/**
 * The tokens and weights with which a model decides about images. Dispose `tokens` and `weights`.
 * @param features what the model pools, `[batch, rows, columns, channels]`: of `model.runStage` or
 *   `network.featuresOf`; the model stays the caller's and must outlive the result
 * @throws UserError for a pooling that takes its weights from outside, or that is no weighted mean of its tokens, such
 *   as the maximum: other weights would mean nothing to it
 */
export function pooledImages(model: PoolingHead, features: tf.Tensor4D): PooledImages {
  if (model.takesWeights) {
    throw new UserError(
      'The pooling "given" has no weights of its own. Give its weights and tokens yourself.',
    );
  }
  const { tokens, weights, difference } = tf.tidy(() => {
    const tokens = gridsToTokens(features).clone();
    const prediction = model.decide(features);
    const [batch, heads, positions] = prediction.weights.shape;
    if (heads !== 1) throw new UserError(`The pooling has ${heads} heads. These scores are for one.`);
    const mean = attend(tokens, prediction.weights).reshape(prediction.context.shape);
    const size = prediction.context.abs().max().maximum(1e-12);
    const difference = mean.sub(prediction.context).abs().max().div(size);
    return { tokens, weights: prediction.weights.reshape<tf.Tensor2D>([batch, positions]), difference };
  });
  const share = difference.dataSync()[0]!;
  difference.dispose();
  if (share <= TOLERANCE) return { tokens, weights, classify: (context) => model.classify(context) };
  tf.dispose([tokens, weights]);
  throw new UserError(
    "The context is not the weighted mean of the tokens, so other weights can't be tried on it. " +
      'Take a model with the pooling "mean" or "attention".',
  );
}

/**
 * What is decided about the same images under other weights; call it inside `tf.tidy`. Differentiable.
 * @param weights `[batch, alternatives, positions]`
 * @returns probabilities of the classes, `[batch, alternatives, classes]`
 */
export function probabilitiesUnder({ tokens, classify }: PooledImages, weights: tf.Tensor3D): tf.Tensor3D {
  const [batch, alternatives] = weights.shape;
  const contexts = attend(tokens, weights).reshape<tf.Tensor2D>([batch * alternatives, tokens.shape[2]]);
  const probabilities = tf.softmax(classify(contexts));
  return probabilities.reshape([batch, alternatives, probabilities.shape[1]!]);
}

/** @throws UserError for tokens and weights that don't belong together */
export function requirePooled({ tokens, weights }: PooledImages): void {
  const [batch, positions] = tokens.shape;
  if (weights.shape.length === 2 && weights.shape[0] === batch && weights.shape[1] === positions) return;
  throw new UserError(
    `The tokens are [${tokens.shape}] and the weights [${weights.shape}]; ` +
      `expected weights [batch, positions] = [${batch}, ${positions}].`,
  );
}

/**
 * @param distances how far decisions moved, `[images, each]`
 * @throws UserError naming the first image about which nothing could be decided
 */
export function requireDecided(distances: Float32Array, each: number): void {
  const wrong = firstNotFinite(distances);
  if (wrong < 0) return;
  throw new UserError(
    `The decision about image ${Math.floor(wrong / each)}, counted from 0, is no finite number. Its tokens, its weights ` +
      "or those of the classifier are not finite: leave it out, or mend what they come from.",
  );
}
