/**
 * Pretrained networks that run up to any cut point and go on from any: EfficientNet-Lite0, and what a network of your own
 * has to offer.
 *
 * @module backbones
 */

export type {
  AnyBackbone,
  AnyCutPoint,
  Backbone,
  CutPoint,
  GridCutPoint,
  InputBackbone,
  StackedInputs,
  StagePurpose,
  TrainableStage,
} from "./backbone";
export { efficientNetLite0 } from "./efficientnet-lite0";
export type { AnyGrid, FreeGrid, ImageGrid } from "./grid";
export { type LabelScore, rankLabels } from "./rank-labels";
