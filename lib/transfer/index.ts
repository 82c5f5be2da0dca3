// Transfer: features, heads, regimes, training.

export { continueTokens } from "./continue-tokens";
export { type Evaluation, evaluate } from "./evaluate";
export { extractTokens, type ImageSource } from "./extract";
export { type FitOptions, fitRegime } from "./fit-regime";
export { guidedBy, guidedElsewhere, guidedUniformly } from "./guided-tokens";
export type { InputSource } from "./input-source";
export type { LabelledTokens } from "./labelled-tokens";
export { type ModelOptions, type ModelPart, type Prediction, TransferModel } from "./model";
export type { BackboneIdentity, ModelOrigin } from "./model-origin";
export { ATTENTION_UNITS, type PoolingName } from "./pooling-choice";
export { lastStage, middleLayerProbe, probe, type Regime } from "./regimes";
export { loadModel, saveModel } from "./saved-model";
export { gatherGrids, type TokenSet } from "./tokens";
export { type EpochRecord, type Trained, type TrainingOptions, train } from "./trainer";
export type { TrainingPlan } from "./training-plan";
