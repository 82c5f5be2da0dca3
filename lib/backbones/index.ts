/**
 * Pretrained networks that run up to any cut point and go on from any: EfficientNet-Lite0, and what a network of your own
 * has to offer.
 *
 * @module backbones
 */

export type { PerChannel, Preprocessing } from "./architecture";
export type {
  AnyBackbone,
  AnyCutPoint,
  Backbone,
  CutPoint,
  GridCutPoint,
  InputBackbone,
  SelfAttentionBackbone,
  StackedInputs,
  StagePurpose,
  TrainableStage,
} from "./backbone";
export { catalogue, findInCatalogue } from "./catalogue";
export type { CatalogueEntry, Convention, ConventionName } from "./catalogue-entry";
export { efficientNetLite0 } from "./efficientnet-lite";
export type { ExpectedTensor } from "./expected-tensors";
export { freezeNorms } from "./freeze-norms";
export type { AnyGrid, FreeGrid, ImageGrid } from "./grid";
export { type LabelScore, rankLabels } from "./rank-labels";
export {
  backboneFromWeights,
  type FromWeightsOptions,
  type RecognisedArchitecture,
  recogniseArchitecture,
} from "./recognise";
