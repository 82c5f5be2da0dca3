import * as fs from "node:fs";
import type { Backbone } from "../../backbones/backbone";
import type { OnProgress } from "../../runtime/progress";
import { fitRegime } from "../../transfer/fit-regime";
import type { LabelledSet } from "../../transfer/labelled-tokens";
import type { TransferModel } from "../../transfer/model";
import { loadModel, saveModel } from "../../transfer/saved-model";
import type { EpochRecord } from "../../transfer/trainer";
import { writeAtomically } from "../files";
import { atRate, rateFactors, type TransferLine } from "./lines";
import type { Records } from "./records";

/** A line trained once, at one step size from one seed. */
export interface Trial {
  /** By which the regime's step sizes were multiplied. */
  factor: number;
  seed: number;
  /** The epoch whose weights were kept, and all epochs. */
  best: EpochRecord;
  history: EpochRecord[];
}

/** What all trials of a run share. */
export interface TrialContext {
  backbone: Backbone;
  classes: readonly string[];
  records: Records;
  /** What decides the digits beside the trial itself: photographs, split, weights, machine. */
  config: unknown;
}

/** Features to train on and to choose by. */
export interface TrainingFeatures {
  training: LabelledSet;
  validation: LabelledSet;
}

/** What came of a line: every trial, the factor that was chosen, and a model for each seed. */
export interface FittedLine {
  line: TransferLine;
  factor: number;
  trials: Trial[];
  /** In the order of the seeds; dispose them. */
  models: TransferModel[];
}

/**
 * Trains a line at three step sizes from each seed, and keeps the step size with the highest validation accuracy, over the
 * seeds together, then the lowest loss. Trials that are on record are not run again.
 * @param onTrial called with the share of the trials that is done, 0 … 1
 */
export async function fitLine(
  context: TrialContext,
  line: TransferLine,
  features: TrainingFeatures,
  seeds: readonly number[],
  onTrial: (share: number) => void,
): Promise<FittedLine> {
  const trials: Trial[] = [];
  const weights = new Map<Trial, () => Promise<Uint8Array>>();
  const all = rateFactors.length * seeds.length;
  for (const factor of rateFactors) {
    for (const seed of seeds) {
      const onProgress: OnProgress = (done, total) => onTrial((trials.length + done / total) / all);
      const { trial, bytes } = await runTrial(context, line, features, { factor, seed }, onProgress);
      trials.push(trial);
      weights.set(trial, bytes);
      onTrial(trials.length / all);
    }
  }
  const factor = chooseFactor(trials);
  const models: TransferModel[] = [];
  for (const trial of trials.filter((one) => one.factor === factor))
    models.push(loadModel(await weights.get(trial)!(), context.backbone));
  return { line, factor, trials, models };
}

function chooseFactor(trials: readonly Trial[]): number {
  const scored = rateFactors.map((factor) => {
    const own = trials.filter((trial) => trial.factor === factor);
    const mean = (of: (best: EpochRecord) => number) =>
      own.reduce((sum, { best }) => sum + of(best), 0) / own.length;
    return {
      factor,
      accuracy: mean(({ validationAccuracy }) => validationAccuracy),
      loss: mean(({ validationLoss }) => validationLoss),
    };
  });
  scored.sort((one, other) => other.accuracy - one.accuracy || one.loss - other.loss);
  return scored[0]!.factor;
}

async function runTrial(
  { backbone, classes, records, config }: TrialContext,
  { regime, pooling }: TransferLine,
  { training, validation }: TrainingFeatures,
  { factor, seed }: Pick<Trial, "factor" | "seed">,
  onProgress: OnProgress,
): Promise<{ trial: Trial; bytes: () => Promise<Uint8Array> }> {
  const tried = atRate(regime, factor);
  const decides = { config, regime: tried, pooling, seed };
  const file = records.folder === undefined ? undefined : records.fileOf(decides, "safetensors");
  const found = records.find<Trial>(decides);
  if (found && file && fs.existsSync(file)) return { trial: found, bytes: () => fs.promises.readFile(file) };
  const fitted = await fitRegime({
    backbone,
    regime: tried,
    pooling,
    classes,
    training,
    validation,
    seed,
    onProgress,
  });
  const bytes = await saveModel(fitted.model);
  fitted.model.dispose();
  // The weights first: a record says that they are there.
  if (file) await writeAtomically(file, bytes);
  const { best, history } = fitted;
  return { trial: await records.keep(decides, { factor, seed, best, history }), bytes: async () => bytes };
}
