/**
 * Scenes with a known answer: photographs of things, cut out, dealt into parts that share none, pasted into clutter, alone
 * or as one target among distractors, and drawn together with the exact mask of where the thing is; folds for
 * cross-validation; and the lists of published sets.
 *
 * @module datasets
 */

export type { Background, CutoutCollection, CutoutObject } from "./cutouts/collection";
export { maskOnGrid } from "./cutouts/mask-on-grid";
export { planScenes, type SceneDescription } from "./cutouts/plan";
export { renderBackground, renderScene, type Scene } from "./cutouts/render";
export { type CutoutPart, type CutoutSplit, splitCutouts } from "./cutouts/split";
export { type Dealt, dealFolds } from "./folds";
export type { GreyImageSet, GreyImages } from "./published/fashion-mnist";
export type { ImageBox, ImagePart, LabelledImage, LabelledImages } from "./published/labelled-images";
export type { SceneCollection } from "./scenes/collection";
export { type ComposedScene, composeScene, maskOfThing } from "./scenes/compose";
export type {
  AnyScene,
  BackgroundCrop,
  Clutter,
  PlacedThing,
  SceneDescription as TargetSceneDescription,
  SceneWithoutTarget,
} from "./scenes/description";
export { dealGroups, type SceneGroup } from "./scenes/groups";
export { planCell, planMixture, planSilhouettes, type SceneCell } from "./scenes/plan";
export { onOtherBackground, withoutDistractor, withoutTarget, withTargetAsClutter } from "./scenes/variants";
