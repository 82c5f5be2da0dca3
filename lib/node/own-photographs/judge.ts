import type { Backbone } from "../../backbones/backbone";
import { findCut } from "../../backbones/find-cut";
import { expectedCalibrationError, fitTemperature, probabilitiesOf } from "../../statistics/calibration";
import type { LabelledSet } from "../../transfer/labelled-tokens";
import type { TransferModel } from "../../transfer/model";
import { answersOf } from "./answers";
import type { TransferLine } from "./lines";
import { type AnswerRules, PhotographModel } from "./photograph-model";
import type { FittedLine, TrainingFeatures, Trial } from "./trials";
import { nearestDistances, unlikeRule } from "./unlike";

/** Expected calibration error of the probabilities as the model gives them, and divided by its temperature. */
export interface Calibration {
  before: number;
  after: number;
}

/** What a line answered for the test photographs. */
export interface AnsweredLine {
  line: TransferLine;
  /** By which the regime's step sizes were multiplied: of three the best by validation. */
  factor: number;
  trials: readonly Trial[];
  /** The first seed's. */
  model: PhotographModel;
  /** For each test photograph the share of seeds that were right. */
  correct: Float64Array;
  /** The first seed's answers: the class given, the probability of every class, and how far the nearest training photograph is. */
  given: Int32Array;
  probabilities: Float64Array;
  distances: Float64Array;
  /** Where the first seed's model looked, each row-major on its grid. */
  maps: Float32Array[];
  rows: number;
  columns: number;
  /** Whether positions count differently: with the mean there is nothing to be seen. */
  hasMaps: boolean;
  calibration: { validation: Calibration; test: Calibration };
  /** How many test photographs the rule refused, though they are of the classes. */
  refused: number;
}

/** What is learned of a model's answers on photographs that it was not trained on. */
export type LearnedRules = AnswerRules & { calibration: Calibration };

/** Temperature and the rule for "none of these", from validation photographs alone. */
export async function readRules(
  model: TransferModel,
  { training, validation }: TrainingFeatures,
): Promise<LearnedRules> {
  const references = (await answersOf(model, training)).features;
  const { logits, features } = await answersOf(model, validation);
  const { labels } = validation;
  const { classes } = model;
  const temperature = fitTemperature({ logits, labels, classes });
  return {
    temperature,
    references,
    unlike: unlikeRule(nearestDistances(features, references, model.channels)),
    calibration: calibrationOf(logits, labels, classes, temperature),
  };
}

/** Looks at the test photographs. */
export async function answerTest(
  backbone: Backbone,
  { line, factor, trials, models, rules }: FittedLine & { rules: LearnedRules },
  test: LabelledSet,
): Promise<AnsweredLine> {
  const [model, ...others] = models as [TransferModel, ...TransferModel[]];
  const { labels } = test;
  const { classes } = model;
  const first = await answersOf(model, test);
  const given = highest(first.logits, classes);
  const rightOf = (answers: Int32Array) =>
    Float64Array.from(answers, (answer, i) => Number(answer === labels[i]));
  const right = [rightOf(given)];
  for (const other of others) {
    right.push(rightOf(highest((await answersOf(other, test)).logits, classes)));
    other.dispose();
  }
  const { calibration, ...answerRules } = rules;
  const { temperature, references, unlike } = answerRules;
  const distances = nearestDistances(first.features, references, model.channels);
  const { rows, columns } = findCut(backbone, line.regime.pooledAt);
  return {
    line,
    factor,
    trials,
    model: new PhotographModel(backbone, model, answerRules),
    correct: labelsShare(right),
    given,
    probabilities: probabilitiesOf(first.logits, classes, temperature),
    distances,
    maps: first.maps,
    rows,
    columns,
    hasMaps: first.maps.some((map) => map.some((weight) => weight !== map[0])),
    calibration: { validation: calibration, test: calibrationOf(first.logits, labels, classes, temperature) },
    refused: distances.filter((distance) => distance > unlike.threshold).length,
  };
}

function labelsShare(right: readonly Float64Array[]): Float64Array {
  return right[0]!.map((_, i) => right.reduce((sum, answers) => sum + answers[i]!, 0) / right.length);
}

function highest(logits: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: logits.length / classes }, (_, i) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (logits[i * classes + c]! > logits[i * classes + best]!) best = c;
    return best;
  });
}

function calibrationOf(
  logits: Float32Array,
  labels: Int32Array,
  classes: number,
  temperature: number,
): Calibration {
  const [before, after] = [1, temperature].map((t) =>
    expectedCalibrationError(probabilitiesOf(logits, classes, t), { labels, classes }),
  );
  return { before: before!, after: after! };
}
