/**
 * Attention over tokens `[batch, positions, channels]`, as layers of TensorFlow.js and as functions on tensors: pooling that
 * says how much each position counted, attention inside features, and the scores, normalisers and masks they are made of.
 *
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { AdditiveAttention, lengthsToMask } from "attention-transfer/attention";
 *
 * const tokens = tf.randomNormal<tf.Rank.R3>([2, 5, 16]); // [batch, positions, channels]
 * const attention = new AdditiveAttention({ units: 8, seed: 1 });
 * const [context, weights] = attention.apply(tokens, { mask: lengthsToMask([5, 3], 5) });
 * console.log(context.shape, weights.shape); // [2, 16] and [2, 1, 5]
 * weights.print(); // 0 at the last two positions of the second row
 * ```
 *
 * Start with `AdditiveAttention`, or put together your own with `AttentionPooling`.
 *
 * @module attention
 */

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
export {
  AimAttentiveProbe,
  type AimAttentiveProbeArgs,
  type AimAttentiveProbeParameters,
} from "./pooling/aim-attentive-probe";
export { AttentionPooling, type AttentionPoolingArgs } from "./pooling/attention-pooling";
export {
  CaitClassAttention,
  type CaitClassAttentionArgs,
  type CaitClassAttentionParameters,
} from "./pooling/cait-class-attention";
export { ClassAttention, type ClassAttentionArgs } from "./pooling/class-attention";
export {
  EfficientProbing,
  type EfficientProbingArgs,
  type EfficientProbingParameters,
} from "./pooling/efficient-probing";
export { type FeedForwardParameters, feedForward } from "./pooling/feed-forward";
export {
  type FrozenScoreArgs,
  FrozenScoreAttention,
  type FrozenScoreParameters,
} from "./pooling/frozen-score-attention";
export {
  GatedAttention,
  type GatedAttentionArgs,
  type GatedParameters,
  gatedScores,
} from "./pooling/gated-attention";
export { type GeneralisedMeanParameters, GeneralisedMeanPooling } from "./pooling/generalised-mean-pooling";
export { type HiddenLayerParameters, hiddenLayer } from "./pooling/hidden-layer";
export {
  type HiddenThenAttentionArgs,
  type HiddenThenAttentionParameters,
  HiddenThenAttentionPooling,
} from "./pooling/hidden-then-attention-pooling";
export { type HiddenThenMeanArgs, HiddenThenMeanPooling } from "./pooling/hidden-then-mean-pooling";
export {
  JepaAttentiveBlock,
  type JepaAttentiveBlockArgs,
  type JepaAttentiveBlockParameters,
} from "./pooling/jepa-attentive-block";
export { LearnedPooling, type LearnedPoolingArgs, type PoolingParameter } from "./pooling/learned-pooling";
export { MaxPooling } from "./pooling/max-pooling";
export { MeanPooling } from "./pooling/mean-pooling";
export { type MeanThenHiddenArgs, MeanThenHiddenPooling } from "./pooling/mean-then-hidden-pooling";
export {
  type MultiHeadParameters,
  MultiHeadPooling,
  type MultiHeadPoolingArgs,
} from "./pooling/multi-head-pooling";
export {
  type Pooled,
  type PoolingArgs,
  type PoolingCallOptions,
  PoolingLayer,
} from "./pooling/pooling-layer";
export {
  type ProjectionThenMeanArgs,
  ProjectionThenMeanPooling,
  type ValueProjectionParameters,
} from "./pooling/projection-then-mean-pooling";
export { SimPool, type SimPoolParameters } from "./pooling/sim-pool";
export { WeightedPooling } from "./pooling/weighted-pooling";
export { type AdditiveParameters, type AdditiveScore, additiveScores } from "./scores/additive";
export { type CosineScore, cosineScores } from "./scores/cosine";
export {
  type DotProductScore,
  dotProductScores,
  type ScaledDotProductScore,
  scaledDotProductScores,
} from "./scores/dot-product";
export { type GeneralParameters, type GeneralScore, generalScores } from "./scores/general";
export { type LocationParameters, type LocationScore, locationScores } from "./scores/location";
export type { Query } from "./scores/queries";
export type { Score } from "./scores/score";

// Attention inside features, which come out in the shape in which they went in.

export {
  ConvolutionalBlockAttention,
  type ConvolutionalBlockAttentionArgs,
  type ConvolutionalBlockAttentionParameters,
} from "./features/convolutional-block-attention";
export { CrossAttention, type CrossAttentionCallOptions } from "./features/cross-attention";
export {
  EfficientChannelAttention,
  type EfficientChannelAttentionArgs,
} from "./features/efficient-channel-attention";
export { FeatureLayer, type FeatureLayerArgs, type Refined } from "./features/feature-layer";
export type { GridCallOptions } from "./features/grid-layer";
export type { MultiHeadAttentionParameters, Projection } from "./features/multi-head-attention";
export type { MultiHeadArgs } from "./features/multi-head-layer";
export {
  SelfAttention,
  type SelfAttentionArgs,
  type SelfAttentionCallOptions,
} from "./features/self-attention";
export {
  SqueezeExcitation,
  type SqueezeExcitationArgs,
  type SqueezeExcitationParameters,
} from "./features/squeeze-excitation";

// The family as data: what the tables of data/reference/README.md are made from.

export { attentionFamily, type FamilyGroup } from "./family";
export type { FamilyMember } from "./family/member";
