import * as tf from "@tensorflow/tfjs";
import { Adam } from "../graph/adam";
import { compile } from "../graph/compile";
import { softmaxCrossEntropy } from "../graph/softmax-cross-entropy";
import type { OnProgress } from "../runtime/progress";
import type { RandomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import { checkSet, evaluate, gatherBatch, type LabelledTokens } from "./evaluate";
import type { TransferModel } from "./model";

export interface TrainingPlan {
  /** At least 1. */
  epochs: number;
  /** Images in one step, at least 1. */
  batchSize: number;
  /** Adam's step size for pooling and classifier. */
  headLearningRate: number;
  /** Adam's step size for the part of the backbone that is fine-tuned, where there is one. */
  stageLearningRate?: number;
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
  /** Called after every epoch, while `model` has the weights of that epoch: to watch what changes. */
  onEpoch?: (record: EpochRecord, model: TransferModel) => void | Promise<void>;
}

/**
 * Trains the model with Adam (Kingma & Ba 2015) on cross-entropy, looks at the validation images after every
 * epoch, and leaves the model with the weights of its best epoch: highest validation accuracy, then lowest loss.
 *
 * @returns one record per epoch, and the best of them.
 * @throws UserError for images without labels or without the weights that the model takes, and for a plan with
 *   nothing to do.
 */
export async function train(
  options: TrainingOptions,
): Promise<{ history: EpochRecord[]; best: EpochRecord }> {
  const { model, training, validation, plan, stream } = options;
  const variables = [...model.headVariables, ...model.stageVariables];
  checkPlan(plan, model);
  checkSet(model, training);
  checkSet(model, validation);
  const steps = trainingSteps(model, training, plan);
  const everyImage = Array.from({ length: training.tokens.count }, (_, i) => i);
  const history: EpochRecord[] = [];
  let best: EpochRecord | undefined;
  let bestValues: tf.Tensor[] = [];
  try {
    for (let epoch = 1; epoch <= plan.epochs; epoch++) {
      const order = stream.shuffled(everyImage);
      const losses: tf.Scalar[] = [];
      for (let start = 0; start < order.length; start += plan.batchSize) {
        losses.push(steps.take(order.slice(start, start + plan.batchSize)));
      }
      steps.sync();
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
        bestValues = variables.map((variable) => variable.clone());
      }
      await options.onEpoch?.(record, model);
      options.onProgress?.(epoch, plan.epochs);
    }
    variables.forEach((variable, i) => {
      variable.assign(bestValues[i]!);
    });
  } finally {
    steps.dispose();
    tf.dispose(bestValues);
  }
  return { history, best: best! };
}

function checkPlan(
  { epochs, batchSize, stageLearningRate }: TrainingPlan,
  { stageVariables }: TransferModel,
): void {
  if (!(epochs >= 1 && batchSize >= 1)) {
    throw new UserError(
      `A plan of ${epochs} epochs in batches of ${batchSize} trains nothing. Both start at 1.`,
    );
  }
  if (stageVariables.length > 0 && stageLearningRate === undefined) {
    throw new UserError(
      "The plan fine-tunes a stage but has no `stageLearningRate`. Give it one, such as 3e-4.",
    );
  }
}

function isBetter(record: EpochRecord, best: EpochRecord): boolean {
  if (record.validationAccuracy !== best.validationAccuracy)
    return record.validationAccuracy > best.validationAccuracy;
  return record.validationLoss < best.validationLoss;
}

/** Steps of gradient descent, each one call of a compiled graph where the backend has graphs. */
function trainingSteps(model: TransferModel, set: LabelledTokens, plan: TrainingPlan) {
  const { rows, columns, channels } = set.tokens;
  const parts = [
    { variables: model.headVariables, learningRate: plan.headLearningRate },
    { variables: model.stageVariables, learningRate: plan.stageLearningRate! },
  ]
    .filter(({ variables }) => variables.length > 0)
    .map(({ variables, learningRate }) => ({ optimiser: new Adam(variables), learningRate }));
  const step = compile(
    ({ grids, labels, givenWeights }) => {
      const loss = () =>
        softmaxCrossEntropy(model.predict(grids, givenWeights).logits, labels).mean<tf.Scalar>();
      const { value, grads } = tf.variableGrads(
        loss,
        parts.flatMap(({ optimiser }) => [...optimiser.variables]),
      );
      for (const { optimiser, learningRate } of parts) {
        optimiser.apply(
          optimiser.variables.map(({ name }) => grads[name]!),
          learningRate,
        );
      }
      return value;
    },
    {
      inputs: {
        grids: [null, rows, columns, channels],
        labels: { shape: [null], dtype: "int32" },
        givenWeights: [null, rows * columns],
      },
    },
  );
  return {
    /** One step on some images; returns their loss before it. */
    take: (indices: number[]): tf.Scalar => tf.tidy(() => step(gatherBatch(set, indices))),
    /** Brings what was learned back into the model's variables. */
    sync: () => step.sync(),
    dispose: () => {
      step.dispose();
      for (const { optimiser } of parts) optimiser.dispose();
    },
  };
}

async function meanOf(losses: tf.Scalar[]): Promise<number> {
  const mean = tf.tidy(() => tf.stack(losses).mean());
  const [value] = await mean.data();
  tf.dispose([mean, ...losses]);
  return value!;
}
