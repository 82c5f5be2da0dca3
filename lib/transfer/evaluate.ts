import * as tf from "@tensorflow/tfjs";
import { softmaxCrossEntropy } from "../graph/softmax-cross-entropy";
import { UserError } from "../runtime/user-error";
import type { TransferModel } from "./model";
import { gatherGrids, type TokenSet } from "./tokens";

/** Features of labelled images: all that training and evaluation need of a dataset. */
export interface LabelledTokens {
  tokens: TokenSet;
  /** Class of each image, 0 … classes − 1. */
  labels: Int32Array;
  /** Weights for the pooling `given`, `[count, positions]`, not negative; each image's are scaled to sum to one. */
  givenWeights?: Float32Array;
}

export interface Evaluation {
  /** Share of images whose highest logit is that of their class, 0 … 1. */
  accuracy: number;
  /** Mean cross-entropy in nats. */
  loss: number;
  predictions: Int32Array;
  /** Weights of the pooling, `[count, heads, positions]`: see `Prediction`. */
  weights: Float32Array;
}

const BATCH_SIZE = 64;

/**
 * Runs the model over a set of images; nothing is learned.
 * @throws UserError for a set without images, without a label for each, or without the weights that the model takes.
 */
export async function evaluate(model: TransferModel, set: LabelledTokens): Promise<Evaluation> {
  checkSet(model, set);
  const count = set.tokens.count;
  const predictions = new Int32Array(count);
  const weights: Float32Array[] = [];
  let loss = 0;
  for (let start = 0; start < count; start += BATCH_SIZE) {
    const indices = Array.from({ length: Math.min(BATCH_SIZE, count - start) }, (_, i) => start + i);
    const batch = tf.tidy(() => {
      const { grids, labels, givenWeights } = gatherBatch(set, indices);
      const prediction = model.predict(grids, givenWeights);
      return {
        classes: prediction.logits.argMax(1),
        loss: softmaxCrossEntropy(prediction.logits, labels).sum(),
        weights: prediction.weights,
      };
    });
    predictions.set(await batch.classes.data<"int32">(), start);
    weights.push(await batch.weights.data<"float32">());
    loss += (await batch.loss.data())[0]!;
    tf.dispose(batch);
  }
  const right = predictions.reduce((sum, prediction, i) => sum + Number(prediction === set.labels[i]), 0);
  return { accuracy: right / count, loss: loss / count, predictions, weights: concatenate(weights) };
}

/** @throws UserError when a set has no images, lacks labels, or lacks the weights that the model takes. */
export function checkSet(model: TransferModel, { tokens, labels, givenWeights }: LabelledTokens): void {
  const { count, rows, columns } = tokens;
  if (count === 0) throw new UserError("There are no images to train on or to evaluate. Give at least one.");
  if (labels.length !== count) {
    throw new UserError(`There are ${labels.length} labels for ${count} images. Give one for each.`);
  }
  const expected = count * rows * columns;
  if (model.takesWeights && givenWeights?.length !== expected) {
    throw new UserError(
      `The pooling "given" takes ${expected} weights for these images, one for every position, and got ` +
        `${givenWeights?.length ?? "none"}. Set \`givenWeights\`, or choose another pooling.`,
    );
  }
}

/** The tensors of some images; call it inside `tf.tidy`. Without given weights every position gets the same. */
export function gatherBatch({ tokens, labels, givenWeights }: LabelledTokens, indices: readonly number[]) {
  const positions = tokens.rows * tokens.columns;
  const weights = new Float32Array(indices.length * positions).fill(1 / positions);
  if (givenWeights) {
    indices.forEach((index, i) => {
      weights.set(givenWeights.subarray(index * positions, (index + 1) * positions), i * positions);
    });
  }
  return {
    grids: gatherGrids(tokens, indices),
    labels: tf.tensor1d(Int32Array.from(indices, (index) => labels[index]!)),
    givenWeights: tf.tensor2d(weights, [indices.length, positions]),
  };
}

function concatenate(parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
