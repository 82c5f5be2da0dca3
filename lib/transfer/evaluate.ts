import * as tf from "@tensorflow/tfjs";
import { positionsOf } from "../backbones/grid";
import { softmaxCrossEntropy } from "../graph/softmax-cross-entropy";
import { computeInBatches, indexBatches } from "../runtime/batches";
import { firstNotFinite } from "../runtime/checks";
import { UserError } from "../runtime/user-error";
import { checkSet, type LabelledSet } from "./labelled-tokens";
import type { TransferModel } from "./model";
import { gatherGrids, gatherMask } from "./tokens";

/** What a model makes of a labelled set. */
export interface Evaluation {
  /** Share of items whose highest logit is that of their class, 0 … 1. */
  accuracy: number;
  /** Mean cross-entropy in nats. */
  loss: number;
  /** The class with the highest logit, for each item. */
  predictions: Int32Array;
  /** Weights of the pooling, `[count, heads, positions]`: see `Prediction`; 0 where a position is padding. */
  weights: Float32Array;
}

const BATCH_SIZE = 64;

/**
 * Runs the model over a set of images; nothing is learned.
 * @throws UserError for a set without images, or naming the first item with a feature, label or given weight that can't
 *   be right, or whose loss is no number: the model's own weights are broken then.
 */
export async function evaluate(model: TransferModel, set: LabelledSet): Promise<Evaluation> {
  checkSet(model, set);
  const { firstBroken, ...evaluation } = await evaluateChecked(model, set);
  if (firstBroken === undefined) return evaluation;
  throw new UserError(
    `The model's loss on item ${firstBroken}, counted from 0, is no finite number, though its features are. The ` +
      "model's weights are not finite, or features as large as these overflow in it: train it again with a smaller learning rate.",
  );
}

/** What `evaluate` does with a set that was checked; `firstBroken` is the first item whose loss is NaN or infinite. */
export async function evaluateChecked(
  model: TransferModel,
  set: LabelledSet,
): Promise<Evaluation & { firstBroken: number | undefined }> {
  const count = set.tokens.count;
  const predictions = new Int32Array(count);
  const weights: ArrayLike<number>[] = [];
  let loss = 0;
  let firstBroken: number | undefined;
  const compute = (indices: number[]) => {
    const { labels, grids, ...options } = gatherBatch(set, indices);
    const prediction = model.predict(grids, options);
    const losses = softmaxCrossEntropy(prediction.logits, labels);
    return {
      classes: prediction.logits.argMax(1),
      losses,
      loss: losses.sum(),
      weights: prediction.weights,
    };
  };
  for await (const { batch, values } of computeInBatches(indexBatches(count, BATCH_SIZE), compute)) {
    const start = batch[0]!;
    predictions.set(values.classes, start);
    weights.push(values.weights);
    loss += values.loss[0]!;
    if (firstBroken === undefined && !Number.isFinite(loss))
      firstBroken = start + Math.max(0, firstNotFinite(values.losses));
  }
  const right = predictions.reduce((sum, prediction, i) => sum + Number(prediction === set.labels[i]), 0);
  return {
    accuracy: right / count,
    loss: loss / count,
    predictions,
    weights: concatenate(weights),
    firstBroken,
  };
}

/** The tensors of some items; call it inside `tf.tidy`. Without given weights every position gets the same. */
export function gatherBatch(
  { tokens, labels, givenWeights }: LabelledSet,
  indices: readonly number[],
): { grids: tf.Tensor; labels: tf.Tensor1D; givenWeights: tf.Tensor2D; mask?: tf.Tensor2D } {
  const positions = positionsOf(tokens);
  const weights = new Float32Array(indices.length * positions).fill(1 / positions);
  if (givenWeights) {
    indices.forEach((index, i) => {
      weights.set(givenWeights.subarray(index * positions, (index + 1) * positions), i * positions);
    });
  }
  const mask = gatherMask(tokens, indices);
  return {
    grids: gatherGrids(tokens, indices),
    labels: tf.tensor1d(Int32Array.from(indices, (index) => labels[index]!)),
    givenWeights: tf.tensor2d(weights, [indices.length, positions]),
    ...(mask && { mask }),
  };
}

function concatenate(parts: ArrayLike<number>[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
