import * as tf from "@tensorflow/tfjs";
import type { OnProgress } from "../runtime/progress";
import type { RandomStream } from "../runtime/random";
import { crossEntropy, evaluate, gatherBatch, type LabelledTokens } from "./evaluate";
import type { TransferModel } from "./model";

export interface TrainingPlan {
  epochs: number;
  batchSize: number;
  /** Adam's step size for pooling and classifier. */
  headLearningRate: number;
  /** Adam's step size for the part of the backbone that is fine-tuned. */
  stageLearningRate: number;
}

export interface EpochRecord {
  epoch: number;
  /** Mean cross-entropy over the epoch's batches, in nats, each before its own step. */
  trainingLoss: number;
  validationLoss: number;
  validationAccuracy: number;
}

export interface TrainingOptions {
  model: TransferModel;
  training: LabelledTokens;
  validation: LabelledTokens;
  plan: TrainingPlan;
  /** Decides the order of the images in each epoch. */
  stream: RandomStream;
  onProgress?: OnProgress;
}

/**
 * Trains the model with Adam (Kingma & Ba 2015) on cross-entropy, looks at the validation images after every
 * epoch, and leaves the model with the weights of its best epoch: highest validation accuracy, then lowest loss.
 *
 * @returns one record per epoch, and the best of them.
 */
export async function train(
  options: TrainingOptions,
): Promise<{ history: EpochRecord[]; best: EpochRecord }> {
  const { model, training, validation, plan, stream } = options;
  const parts = [
    { variables: model.headVariables, optimizer: tf.train.adam(plan.headLearningRate) },
    { variables: model.stageVariables, optimizer: tf.train.adam(plan.stageLearningRate) },
  ].filter(({ variables }) => variables.length > 0);
  const all = parts.flatMap(({ variables }) => variables);
  const history: EpochRecord[] = [];
  let best: EpochRecord | undefined;
  let bestValues: tf.Tensor[] = [];
  const everyImage = Array.from({ length: training.tokens.count }, (_, i) => i);
  try {
    for (let epoch = 1; epoch <= plan.epochs; epoch++) {
      const order = stream.shuffled(everyImage);
      const losses: tf.Scalar[] = [];
      for (let start = 0; start < order.length; start += plan.batchSize) {
        losses.push(step(model, training, order.slice(start, start + plan.batchSize), parts));
      }
      const { loss, accuracy } = await evaluate(model, validation);
      const record = {
        epoch,
        trainingLoss: await meanOf(losses),
        validationLoss: loss,
        validationAccuracy: accuracy,
      };
      history.push(record);
      if (!best || isBetter(record, best)) {
        best = record;
        tf.dispose(bestValues);
        bestValues = all.map((variable) => variable.clone());
      }
      options.onProgress?.(epoch, plan.epochs);
    }
    all.forEach((variable, i) => {
      variable.assign(bestValues[i]!);
    });
    return { history, best: best! };
  } finally {
    tf.dispose(bestValues);
    for (const { optimizer } of parts) optimizer.dispose();
  }
}

function isBetter(record: EpochRecord, best: EpochRecord): boolean {
  if (record.validationAccuracy !== best.validationAccuracy)
    return record.validationAccuracy > best.validationAccuracy;
  return record.validationLoss < best.validationLoss;
}

interface Part {
  variables: tf.Variable[];
  optimizer: tf.Optimizer;
}

/** One step of gradient descent on some images; returns their loss before it. */
function step(model: TransferModel, set: LabelledTokens, indices: number[], parts: Part[]): tf.Scalar {
  return tf.tidy(() => {
    const { grids, labels, givenWeights } = gatherBatch(set, indices);
    const { value, grads } = tf.variableGrads(
      () => crossEntropy(model.predict(grids, givenWeights).logits, labels),
      parts.flatMap(({ variables }) => variables),
    );
    for (const { variables, optimizer } of parts) {
      optimizer.applyGradients(Object.fromEntries(variables.map(({ name }) => [name, grads[name]!])));
    }
    return value;
  });
}

async function meanOf(losses: tf.Scalar[]): Promise<number> {
  const mean = tf.tidy(() => tf.stack(losses).mean());
  const [value] = await mean.data();
  tf.dispose([mean, ...losses]);
  return value!;
}
