// Backbones: pretrained networks that can be cut anywhere.

export type { Backbone, CutPoint, TrainableStage } from "./backbone";
export { efficientNetLite0 } from "./efficientnet-lite0";
export { type LabelScore, rankLabels } from "./rank-labels";
