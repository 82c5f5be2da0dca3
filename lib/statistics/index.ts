/**
 * Intervals and paired comparisons of repeated runs, with the smallest difference that they could have shown; and, where a
 * claim is about things rather than seeds, of answers per thing in a repeated cross-validation (`judgeLines`).
 *
 * ```ts
 * import { comparePaired, meanInterval } from "attention-transfer/statistics";
 *
 * const attention = [0.63, 0.66, 0.61, 0.64]; // test accuracy, one number a seed
 * const mean = [0.55, 0.6, 0.57, 0.56]; // of the same seeds, in the same order
 * const options = { testToTraining: 20 / 60 }; // every seed splits one pool of objects anew: 20 % test, 60 % training
 * const { lower, upper } = meanInterval(attention, options);
 * const { detected, smallestDetectable } = comparePaired(attention, mean, options);
 * console.log(lower, upper, detected, smallestDetectable);
 * ```
 *
 * @module statistics
 */

export { type Answer, type AnswerTable, answerTable, type DrawnKind, type Thing } from "./answer-table";
export {
  type BootstrapComparison,
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapAccuracy,
  bootstrapComparison,
} from "./bootstrap";
export {
  expectedCalibrationError,
  fitTemperature,
  type LabelledScores,
  probabilitiesOf,
} from "./calibration";
export { type HalvesAgreement, type HalvesPair, halvesAgreement } from "./halves";
export {
  comparePaired,
  type IntervalOptions,
  type MeanInterval,
  meanInterval,
  type PairedComparison,
} from "./intervals";
export {
  type Estimate,
  judgeLines,
  type LineAccuracy,
  type LineComparison,
  type LinesJudged,
  thingsNeeded,
  type VarianceParts,
} from "./judge-lines";
