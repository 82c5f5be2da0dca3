// Runtime: the backend, reproducible randomness, memory, files, progress.

export { cacheFolder, dataFolder, projectFolder, writeAtomically } from "./node/files";
export { type BackendName, type RuntimeReport, startTensorFlow } from "./node/start-tensorflow";
export { describeDuration, describeProgress, type OnProgress } from "./runtime/progress";
export { RandomStream, randomStream } from "./runtime/random";
export { sha256 } from "./runtime/sha256";
export { assertNoTensorLeak, withTensorScope } from "./runtime/tensor-scope";
export { UserError } from "./runtime/user-error";

// Graphs: TensorFlow.js code as one call of TensorFlow.

export { Adam, type AdamOptions } from "./graph/adam";
export { type BatchNormResult, batchNormTraining } from "./graph/batch-norm";
export { type CompiledStep, compile } from "./graph/compile";
export { useFusedGradients } from "./graph/fused-gradients";
export { GradientDescent, type GradientDescentOptions } from "./graph/gradient-descent";
export { mendWasm } from "./graph/mend-wasm";
export { Optimiser } from "./graph/optimiser";
export { profileStep, type StepProfile } from "./graph/profile";
export { softmaxCrossEntropy } from "./graph/softmax-cross-entropy";
export type { InputDeclaration, InputDeclarations, StepInputs, StepOutput } from "./graph/step";
export { StepRandom } from "./graph/step-random";

// Files: weights and images.

export type { PixelImage } from "./images/pixel-image";
export { readImage } from "./node/decode-image";
export { encodePng } from "./node/encode-image";
export { resizeImage } from "./node/resize-image";
export { readSafetensors } from "./node/safetensors-file";
export { readTorchWeights } from "./node/torch-file";
export type { StoredTensor } from "./weights/stored-tensor";

// Attention over tokens: scores, normalisers, and the pooling that uses them.

export { attend } from "./attention/attend";
export { mergeHeads, splitHeads } from "./attention/heads";
export { entmax15Weights } from "./attention/normalisers/entmax15";
export { type Normaliser, normalise } from "./attention/normalisers/normaliser";
export { proportionalWeights } from "./attention/normalisers/proportional";
export { sigmoidWeights } from "./attention/normalisers/sigmoid";
export { softmaxWeights } from "./attention/normalisers/softmax";
export { sparsemaxWeights } from "./attention/normalisers/sparsemax";
export { uniformWeights } from "./attention/normalisers/uniform";
export { AdditiveAttention, type AdditiveAttentionArgs } from "./attention/pooling/additive-attention";
export { AttentionPooling, type AttentionPoolingArgs } from "./attention/pooling/attention-pooling";
export {
  ClassAttention,
  type ClassAttentionArgs,
  classScores,
} from "./attention/pooling/class-attention";
export {
  GatedAttention,
  type GatedAttentionArgs,
  type GatedParameters,
  gatedScores,
} from "./attention/pooling/gated-attention";
export {
  type GeneralisedMeanParameters,
  GeneralisedMeanPooling,
  generalisedMean,
  generalisedMeanShares,
} from "./attention/pooling/generalised-mean-pooling";
export { MaxPooling } from "./attention/pooling/max-pooling";
export { MeanPooling } from "./attention/pooling/mean-pooling";
export {
  joinHeads,
  type MultiHeadParameters,
  MultiHeadPooling,
  type MultiHeadPoolingArgs,
  multiHeadScores,
} from "./attention/pooling/multi-head-pooling";
export {
  type Pooled,
  type PoolingArgs,
  type PoolingCallOptions,
  PoolingLayer,
} from "./attention/pooling/pooling-layer";
export { WeightedPooling } from "./attention/pooling/weighted-pooling";
export { type AdditiveParameters, type AdditiveScore, additiveScores } from "./attention/scores/additive";
export { type CosineScore, cosineScores } from "./attention/scores/cosine";
export {
  type DotProductScore,
  dotProductScores,
  type ScaledDotProductScore,
  scaledDotProductScores,
} from "./attention/scores/dot-product";
export { type GeneralParameters, type GeneralScore, generalScores } from "./attention/scores/general";
export { type LocationParameters, type LocationScore, locationScores } from "./attention/scores/location";
export type { Query } from "./attention/scores/queries";
export type { Score } from "./attention/scores/score";

// Attention inside features, which come out in the shape in which they went in.

export {
  type ConvolutionalBlockAttended,
  ConvolutionalBlockAttention,
  type ConvolutionalBlockAttentionArgs,
  type ConvolutionalBlockAttentionParameters,
  convolutionalBlockAttention,
} from "./attention/features/convolutional-block-attention";
export { CrossAttention, type CrossAttentionCallOptions } from "./attention/features/cross-attention";
export {
  channelKernelSize,
  EfficientChannelAttention,
  type EfficientChannelAttentionArgs,
  efficientChannelAttention,
} from "./attention/features/efficient-channel-attention";
export {
  FeatureLayer,
  type FeatureLayerArgs,
  type NoOptions,
  type Refined,
} from "./attention/features/feature-layer";
export { layerNormalisation } from "./attention/features/layer-normalisation";
export {
  type MultiHeadAttentionParameters,
  type MultiHeadOptions,
  multiHeadAttention,
  type Projection,
} from "./attention/features/multi-head-attention";
export { type MultiHeadArgs, MultiHeadLayer } from "./attention/features/multi-head-layer";
export { relativePositionBias } from "./attention/features/relative-positions";
export {
  SelfAttention,
  type SelfAttentionArgs,
  type SelfAttentionCallOptions,
} from "./attention/features/self-attention";
export {
  SqueezeExcitation,
  type SqueezeExcitationArgs,
  type SqueezeExcitationParameters,
  squeezeExcitation,
} from "./attention/features/squeeze-excitation";

// The attention family as data: what README's tables are made from.

export { attentionFamily, type FamilyGroup } from "./attention/family";
export {
  countTrainedParameters,
  type FamilyMember,
  type FamilySizes,
  type Source,
} from "./attention/family/member";

// Datasets: cut-outs in clutter, and folders of your own images.

export type { Background, CutoutCollection, CutoutObject } from "./datasets/cutouts/collection";
export { maskOnGrid } from "./datasets/cutouts/mask-on-grid";
export { planScenes, type SceneDescription } from "./datasets/cutouts/plan";
export { renderBackground, renderScene, type Scene } from "./datasets/cutouts/render";
export { type CutoutPart, type CutoutSplit, splitCutouts } from "./datasets/cutouts/split";
export { type ImageFolder, listImageFolder } from "./node/image-folder";
export { loadCutouts } from "./node/load-cutouts";

// Backbones: pretrained networks that can be cut anywhere.

export type { Backbone, CutPoint, TrainableStage } from "./backbones/backbone";
export type { LabelScore } from "./backbones/rank-labels";
export { imagenetLabels, topLabels } from "./node/imagenet-labels";
export { loadEfficientNetLite0 } from "./node/load-efficientnet-lite0";
export { readPhotograph } from "./node/photograph";

// Transfer: features, heads, regimes, training.

export { type CacheOptions, cachedTokens } from "./node/feature-cache";
export { photographs } from "./node/photographs";
export { continueTokens } from "./transfer/continue-tokens";
export { type Evaluation, evaluate, type LabelledTokens } from "./transfer/evaluate";
export { extractTokens, type ImageSource } from "./transfer/extract";
export { type FitOptions, fitRegime } from "./transfer/fit-regime";
export { type AttentionProbes, type ModelOptions, type Prediction, TransferModel } from "./transfer/model";
export {
  ATTENTION_HEADS,
  ATTENTION_UNITS,
  type PoolingName,
  SELF_ATTENTION_BLOCKS,
} from "./transfer/pooling-choice";
export { lastStage, middleLayerProbe, probe, type Regime } from "./transfer/regimes";
export { SelfAttentionStack, type SelfAttentionStackOptions } from "./transfer/self-attention-stack";
export { gatherGrids, gridsToTokens, type TokenSet } from "./transfer/tokens";
export { type EpochRecord, type TrainingOptions, type TrainingPlan, train } from "./transfer/trainer";

// Explaining: what a network's decision rests on, and scores of what the methods say.

export * from "./explain/index";

// Experiments: the statistics that judge a table.

export {
  comparePaired,
  type IntervalOptions,
  type MeanInterval,
  meanInterval,
  type PairedComparison,
} from "./statistics/intervals";

// Display: figures, pictures, tables and progress in the cells of a notebook.

export { type CaseChoice, chooseCases } from "./display/choose-cases";
export { type CaptionedMap, type CompareMapsOptions, compareMaps } from "./display/compare-maps";
export {
  type ContactSheet,
  type ContactSheetOptions,
  contactSheet,
  type ScoredCase,
} from "./display/contact-sheet";
export {
  type ComparedCurve,
  type DeletionOptions,
  deletionFigure,
  type PicturedCurve,
} from "./display/deletion-figure";
export { type EpochsOptions, epochsFigure, type WatchedImage } from "./display/epochs-figure";
export { type ExploredImage, type ExplorerOptions, explorerFigure } from "./display/explorer-figure";
export type { Figure } from "./display/figure";
export { palette } from "./display/house-template";
export { type GridCell, type GridOptions, imageGrid } from "./display/image-grid";
export type { ImageMap } from "./display/image-map";
export { type IntervalFigureOptions, intervalFigure } from "./display/interval-figure";
export type { IntervalRow } from "./display/interval-markers";
export { type IntervalPanel, type IntervalPanelsOptions, intervalPanels } from "./display/interval-panels";
export { type OverlayOptions, overlayWeights } from "./display/overlay";
export { endProgressLine, notebookProgress, terminalProgress } from "./display/progress";
export { saveImages } from "./display/save-images";
export { showFigure } from "./display/show-figure";
export { showImages } from "./display/show-images";
export { figureToPng, figureToSvg } from "./display/static-figure";
export { markdownTable, showTable, type TableRow, type TableSource, terminalTable } from "./display/table";
export { weightScale } from "./display/weight-scale";
