import * as tf from "@tensorflow/tfjs";
import { gridsToTokens } from "../../attention/grids-to-tokens";
import { computeInBatches, indexBatches } from "../../runtime/batches";
import { gatherBatch } from "../../transfer/evaluate";
import type { LabelledSet } from "../../transfer/labelled-tokens";
import type { TransferModel } from "../../transfer/model";

/** What a model makes of photographs. */
export interface Answers {
  /** `[photographs, classes]` */
  logits: Float32Array;
  /** What the whole photograph is like, for a comparison with others: `[photographs, channels]`, each of length 1. */
  features: Float32Array;
  /** How much each position counted, over all heads or, where classes have maps of their own, that of the class given. */
  maps: Float32Array[];
}

const batchSize = 32;

/** Runs a model over the features of photographs. */
export async function answersOf(model: TransferModel, set: LabelledSet): Promise<Answers> {
  const { count } = set.tokens;
  const logits: number[] = [];
  const features: Float32Array[] = [];
  const maps: Float32Array[] = [];
  const compute = (indices: number[]) => {
    const { grids, labels: _, ...options } = gatherBatch(set, indices);
    return answerTensors(model, grids, options);
  };
  for await (const { batch, values } of computeInBatches(indexBatches(count, batchSize), compute)) {
    logits.push(...values.logits);
    features.push(values.features as Float32Array);
    const positions = values.maps.length / batch.length;
    for (let i = 0; i < batch.length; i++)
      maps.push((values.maps as Float32Array).slice(i * positions, (i + 1) * positions));
  }
  return { logits: Float32Array.from(logits), features: joined(features), maps };
}

/** The same of one batch, as tensors; call it inside `tf.tidy`. */
export function answerTensors(
  model: TransferModel,
  grids: tf.Tensor,
  options: { givenWeights?: tf.Tensor2D },
) {
  const staged = model.runStage(grids);
  const { logits, weights } = model.decide(staged, options);
  const means = gridsToTokens(staged).mean<tf.Tensor2D>(1);
  const features = means.div(means.norm("euclidean", 1, true).maximum(1e-12));
  const chosen = tf.oneHot(logits.argMax(1), model.classes).expandDims<tf.Tensor3D>(2);
  const maps = model.headsAreClasses ? weights.mul(chosen).sum(1) : weights.mean(1);
  return { logits, features, maps };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
