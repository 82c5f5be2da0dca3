/**
 * From a pretrained backbone to a model of your own classes: features are extracted once at a cut point, then a regime says
 * what is trained on them, from where and how fast.
 *
 * ```ts
 * import { loadEfficientNetLite0, photographs } from "attention-transfer/node";
 * import { extractTokens, fitRegime, probe } from "attention-transfer/transfer";
 *
 * const backbone = await loadEfficientNetLite0();
 * const features = async (files: string[], labels: number[]) => ({
 *   tokens: await extractTokens(backbone, probe.frozenUpTo, await photographs(files)),
 *   labels: Int32Array.from(labels),
 * });
 * const training = await features(["cat-1.jpg", "cat-2.jpg", "dog-1.jpg", "dog-2.jpg"], [0, 0, 1, 1]);
 * const validation = await features(["cat-3.jpg", "dog-3.jpg"], [0, 1]);
 * const classes = ["cat", "dog"];
 * const { model, best } = await fitRegime({ backbone, regime: probe, pooling: "attention", classes, training, validation, seed: 1 });
 * console.log(model.classNames, best.validationAccuracy);
 * ```
 *
 * @module transfer
 */

export { type BaseModelOptions, type SourceImages, trainBaseModel } from "./base-model";
export { continueTokens } from "./continue-tokens";
export { type Evaluation, evaluate } from "./evaluate";
export { extractTokens, type ImageSource } from "./extract";
export { type FitOptions, fitRegime } from "./fit-regime";
export { guidedBy, guidedElsewhere, guidedUniformly } from "./guided-tokens";
export type { InputSource } from "./input-source";
export type { LabelledSet, LabelledTokens } from "./labelled-tokens";
export {
  type AttentionProbes,
  type ModelOptions,
  type ModelPart,
  type Prediction,
  type PredictOptions,
  TransferModel,
} from "./model";
export type { BackboneIdentity, ModelOrigin } from "./model-origin";
export { ATTENTION_UNITS, type PoolingName } from "./pooling-choice";
export { lastStage, middleLayerProbe, probe, type Regime } from "./regimes";
export { loadModel, saveModel } from "./saved-model";
export type { SelfAttentionStack } from "./self-attention-stack";
export { type AnyTokens, gatherGrids, type StoredTokens, type TokenSet } from "./tokens";
export { type EpochRecord, type Trained, type TrainingOptions, train } from "./trainer";
export type { TrainingPlan } from "./training-plan";
