/**
 * What a network's decision rests on: maps of where it looks, by thirteen methods, and scores that test a map. Does it lie on
 * the object (localisation), does the answer depend on what it marks (faithfulness; of made scenes, causes), does it depend on
 * what was learned (sanity)?
 *
 * ```ts
 * import { explain, pretrainedNetwork } from "attention-transfer/explain";
 * import { loadEfficientNetLite0, readPhotograph } from "attention-transfer/node";
 *
 * const network = pretrainedNetwork(await loadEfficientNetLite0());
 * const hen = await readPhotograph("hen.jpg");
 * const { target, map, rows, columns } = await explain(network, hen, { method: "Grad-CAM" });
 * console.log(target, map.length, rows, columns); // the class that was explained, and 49 numbers, 7 × 7
 * ```
 *
 * A model of your own becomes a network by `transferredNetwork` or, from any two functions, by `makeNetwork`.
 *
 * @module explain
 */

export type { Baseline } from "./baseline";
export { classProbabilities } from "./class-probabilities";
export type { Convergence } from "./convergence";
export { pearson, spearman } from "./correlation";
export { type ExplainOptions, explain } from "./explain";
export type { Explanation } from "./explanation";
export { poolMap } from "./map-size";
export { type MethodName, type MethodOptions, methodNames } from "./method-table";
export type { AttentionOptions } from "./methods/attention";
export type { FinerCamOptions } from "./methods/finer-cam";
export type { IntegratedGradientsOptions } from "./methods/integrated-gradients";
export type { OcclusionOptions } from "./methods/occlusion";
export type { RiseOptions } from "./methods/rise";
export type { SmoothGradOptions } from "./methods/smooth-grad";
export { type Decision, type DecisionProbes, makeNetwork, type Network, type NetworkParts } from "./network";
export { type PooledImages, type PoolingHead, pooledImages } from "./pooled-images";
export { pretrainedNetwork } from "./pretrained-network";
export type { CommonOptions, RelevanceMap } from "./question";
export { type TransferredHead, type TransferredParts, transferredNetwork } from "./transferred-network";

// Scores of explanations: agreement with causes, localisation, faithfulness, sanity.

export { type CausalAgreement, causalAgreement, type ScenePart } from "./causal/causal-agreement";
export { muFidelity, type SubsetDrops, type SubsetOptions, subsetDrops } from "./faithfulness/mu-fidelity";
export { imputeNoisyLinear } from "./faithfulness/noisy-linear-imputation";
export { type PredictClasses, type PredictTarget, probabilityOf } from "./faithfulness/predict";
export type { RemovalKind, RemovalOptions } from "./faithfulness/removal";
export type { RemovalBaseline } from "./faithfulness/removal-baseline";
export {
  type RemovalCurve,
  type RemovalCurveOptions,
  removalCurve,
} from "./faithfulness/removal-curve";
export { type Road, type RoadOptions, road } from "./faithfulness/road";
export { bestIou } from "./localisation/best-iou";
export { centrePrior, uniformMap } from "./localisation/controls";
export { massCeiling, massInside } from "./localisation/mass-inside";
export {
  type BoxAccuracy,
  type BoxedExplanation,
  maxBoxAccuracy,
} from "./localisation/max-box-accuracy";
export { boxMask } from "./localisation/object-mask";
export { type PartPoint, partPointScore } from "./localisation/part-points";
export { type PointingOptions, pointingGame } from "./localisation/pointing-game";
export { selectivity } from "./localisation/selectivity";
export {
  type AdversarialAttention,
  type AdversarialOptions,
  adversarialAttention,
} from "./sanity/adversarial-attention";
export { complexityRise, mapComplexity } from "./sanity/complexity";
export { jensenShannon, spreadOf, totalVariation } from "./sanity/divergence";
export { type MapSimilarity, mapSimilarity, type SimilarityOptions } from "./sanity/map-similarity";
export {
  type PermutedAttention,
  type PermutedOptions,
  permutedAttention,
} from "./sanity/permuted-attention";
export { randomOtherClass } from "./sanity/random-logit";
export { randomisationCascade, type TrainedParts, withRandomised } from "./sanity/randomise-model";
export { seedAgreement } from "./sanity/seed-agreement";
