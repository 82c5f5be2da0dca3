// Datasets: cut-outs in clutter, dealt into parts, laid out as scenes and drawn.

export type { Background, CutoutCollection, CutoutObject } from "./cutouts/collection";
export { maskOnGrid } from "./cutouts/mask-on-grid";
export { planScenes, type SceneDescription } from "./cutouts/plan";
export { renderBackground, renderScene, type Scene } from "./cutouts/render";
export { type CutoutPart, type CutoutSplit, splitCutouts } from "./cutouts/split";
