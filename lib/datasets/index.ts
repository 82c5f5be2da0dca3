/**
 * Scenes with a known answer: photographs of things, cut out, dealt into parts that share none, pasted into clutter and
 * drawn together with the exact mask of where the thing is; and folds for cross-validation.
 *
 * @module datasets
 */

export type { Background, CutoutCollection, CutoutObject } from "./cutouts/collection";
export { maskOnGrid } from "./cutouts/mask-on-grid";
export { planScenes, type SceneDescription } from "./cutouts/plan";
export { renderBackground, renderScene, type Scene } from "./cutouts/render";
export { type CutoutPart, type CutoutSplit, splitCutouts } from "./cutouts/split";
export { type Dealt, dealFolds } from "./folds";
