// Attention over tokens: scores, normalisers, and the pooling that uses them.

export { attend } from "./attend";
export { gridsToTokens } from "./grids-to-tokens";
export { mergeHeads, splitHeads } from "./heads";
export { lengthsToMask } from "./lengths";
export { clearMasked } from "./mask";
export { entmax15Weights } from "./normalisers/entmax15";
export { type Normaliser, normalise } from "./normalisers/normaliser";
export { proportionalWeights } from "./normalisers/proportional";
export { sigmoidWeights } from "./normalisers/sigmoid";
export { softmaxWeights } from "./normalisers/softmax";
export { sparsemaxWeights } from "./normalisers/sparsemax";
export { uniformWeights } from "./normalisers/uniform";
export { AdditiveAttention, type AdditiveAttentionArgs } from "./pooling/additive-attention";
export { AttentionPooling, type AttentionPoolingArgs } from "./pooling/attention-pooling";
export { ClassAttention, type ClassAttentionArgs } from "./pooling/class-attention";
export {
  GatedAttention,
  type GatedAttentionArgs,
  type GatedParameters,
  gatedScores,
} from "./pooling/gated-attention";
export { GeneralisedMeanPooling } from "./pooling/generalised-mean-pooling";
export { MaxPooling } from "./pooling/max-pooling";
export { MeanPooling } from "./pooling/mean-pooling";
export { MultiHeadPooling, type MultiHeadPoolingArgs } from "./pooling/multi-head-pooling";
export {
  type Pooled,
  type PoolingArgs,
  type PoolingCallOptions,
  PoolingLayer,
} from "./pooling/pooling-layer";
export { WeightedPooling } from "./pooling/weighted-pooling";
export { type AdditiveParameters, additiveScores } from "./scores/additive";
export { cosineScores } from "./scores/cosine";
export { dotProductScores, scaledDotProductScores } from "./scores/dot-product";
export { type GeneralParameters, generalScores } from "./scores/general";
export { type LocationParameters, locationScores } from "./scores/location";
export type { Query } from "./scores/queries";
export type { Score } from "./scores/score";

// Attention inside features, which come out in the shape in which they went in.

export {
  ConvolutionalBlockAttention,
  type ConvolutionalBlockAttentionArgs,
} from "./features/convolutional-block-attention";
export { CrossAttention, type CrossAttentionCallOptions } from "./features/cross-attention";
export {
  EfficientChannelAttention,
  type EfficientChannelAttentionArgs,
} from "./features/efficient-channel-attention";
export { FeatureLayer, type FeatureLayerArgs, type Refined } from "./features/feature-layer";
export type { GridCallOptions } from "./features/grid-layer";
export type { MultiHeadArgs } from "./features/multi-head-layer";
export {
  SelfAttention,
  type SelfAttentionArgs,
  type SelfAttentionCallOptions,
} from "./features/self-attention";
export { SqueezeExcitation, type SqueezeExcitationArgs } from "./features/squeeze-excitation";

// The family as data: what README's tables are made from.

export { attentionFamily, type FamilyGroup } from "./family";
export type { FamilyMember } from "./family/member";
