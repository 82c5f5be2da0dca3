// Backbones: pretrained networks that can be cut anywhere.

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
