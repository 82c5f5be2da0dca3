import * as tf from "@tensorflow/tfjs";
import { gridOf, positionsOf } from "../backbones/grid";
import { Adam } from "../graph/adam";
import { compile } from "../graph/compile";
import { softmaxCrossEntropy } from "../graph/softmax-cross-entropy";
import type { InputDeclaration } from "../graph/step";
import { inBatches } from "../runtime/batches";
import type { OnProgress } from "../runtime/progress";
import type { RandomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import { whatBroke } from "./broken-epoch";
import { checkSameGrid } from "./check-tokens";
import { evaluateChecked, gatherBatch } from "./evaluate";
import { checkSet, type LabelledSet } from "./labelled-tokens";
import type { TransferModel } from "./model";
import { isPadded } from "./tokens";
import { checkPlan, type TrainingPlan } from "./training-plan";

/** What was seen at the end of an epoch. */
export interface EpochRecord {
  /** Counted from 1. */
  epoch: number;
  /** Mean cross-entropy over the epoch's batches, in nats, each before its own step. */
  trainingLoss: number;
  /** Mean cross-entropy over the validation items after the epoch, in nats. */
  validationLoss: number;
  /** Share of validation items whose highest logit is that of their class, 0 … 1. */
  validationAccuracy: number;
}

/** What a training takes. */
export interface TrainingOptions {
  model: TransferModel;
  training: LabelledSet;
  validation: LabelledSet;
  plan: TrainingPlan;
  /** Decides the order of the items in each epoch. */
  stream: RandomStream;
  onProgress?: OnProgress;
  /** Called after every epoch, while `model` has the weights of that epoch: to watch what changes. */
  onEpoch?: (record: EpochRecord, model: TransferModel) => void | Promise<void>;
}

/** What came of a training; the model has the weights of the best epoch. */
export interface Trained {
  /** One record per epoch. */
  history: EpochRecord[];
  best: EpochRecord;
  /** Says, where training ended before its plan, in which epoch and why; what stands above is of the epochs before it. */
  stopped?: string;
}

/**
 * Trains the model with Adam (Kingma & Ba 2015) on cross-entropy, looks at the validation images after every
 * epoch, and leaves the model with the weights of its best epoch: highest validation accuracy, then lowest loss.
 *
 * An epoch that ends with a loss or a weight that is NaN or infinite ends the training: there is no way back from it.
 * The epochs before it stand, `stopped` says what happened, and so does a warning on the console.
 *
 * @throws UserError for sets or a plan that can't be right, naming what is wrong with them, before anything is trained;
 *   and for a training whose first epoch breaks.
 */
export async function train(options: TrainingOptions): Promise<Trained> {
  const { model, training, validation, plan, stream } = options;
  const variables = [...model.headVariables, ...model.stageVariables];
  checkPlan(plan, model.stageVariables.length > 0);
  refuseInferenceOnly(model);
  checkSet(model, training);
  checkSet(model, validation);
  checkSameGrid(training.tokens, validation.tokens);
  const steps = trainingSteps(model, training, plan);
  const everyImage = Array.from({ length: training.tokens.count }, (_, i) => i);
  const history: EpochRecord[] = [];
  let best: EpochRecord | undefined;
  // Before the first epoch is over, the best weights are those at the start.
  let bestValues: tf.Tensor[] = variables.map((variable) => variable.clone());
  let stopped: string | undefined;
  try {
    for (let epoch = 1; epoch <= plan.epochs; epoch++) {
      const order = stream.shuffled(everyImage);
      const losses: tf.Scalar[] = [];
      for (const batch of inBatches(order, plan.batchSize)) losses.push(steps.take(batch));
      steps.sync();
      const { loss, accuracy } = await evaluateChecked(model, validation);
      const record = {
        epoch,
        trainingLoss: await meanOf(losses),
        validationLoss: loss,
        validationAccuracy: accuracy,
      };
      const broken = await whatBroke(record, variables);
      if (broken) {
        stopped = `Training stopped in epoch ${epoch} of ${plan.epochs}: ${broken}.`;
        break;
      }
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
  if (!best) throw new UserError(`${stopped} The model is as it was before: take a smaller learning rate.`);
  if (!stopped) return { history, best };
  stopped += ` The model has the weights of epoch ${best.epoch}; a smaller learning rate gets further.`;
  console.warn(stopped);
  return { history, best, stopped };
}

/** A loaded stage can be run everywhere, and trained where the gradients of its operations are. */
function refuseInferenceOnly({ stageVariables }: TransferModel): void {
  if (stageVariables.every(({ trainable }) => trainable)) return;
  throw new UserError(
    `The stage of this model can't be trained on the ${tf.getBackend()} backend, which lacks the gradients. ` +
      "Predict with it here, and train it on the native backend.",
  );
}

function isBetter(record: EpochRecord, best: EpochRecord): boolean {
  if (record.validationAccuracy !== best.validationAccuracy)
    return record.validationAccuracy > best.validationAccuracy;
  return record.validationLoss < best.validationLoss;
}

/** Steps of gradient descent, each one call of a compiled graph where the backend has graphs. */
function trainingSteps(model: TransferModel, set: LabelledSet, plan: TrainingPlan) {
  const positions = positionsOf(set.tokens);
  const inputs: Record<string, InputDeclaration> = {
    grids: [null, ...gridOf(set.tokens), set.tokens.channels],
    labels: { shape: [null], dtype: "int32" },
    givenWeights: [null, positions],
  };
  if (isPadded(set.tokens)) inputs.mask = [null, positions];
  const parts = [
    { variables: model.headVariables, learningRate: plan.headLearningRate },
    { variables: model.stageVariables, learningRate: plan.stageLearningRate! },
  ]
    .filter(({ variables }) => variables.length > 0)
    .map(({ variables, learningRate }) => ({ optimiser: new Adam(variables), learningRate }));
  const step = compile(
    (batch) => {
      const { grids, labels, ...options } = batch as ReturnType<typeof gatherBatch>;
      const loss = () => softmaxCrossEntropy(model.predict(grids, options).logits, labels).mean<tf.Scalar>();
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
    { inputs },
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
