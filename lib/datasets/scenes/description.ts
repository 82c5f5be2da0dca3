import type { Rectangle } from "../../images/resample";

/** A square piece of a background that fills the canvas, never enlarged; lengths in the background's own pixels. */
export interface BackgroundCrop {
  /** The background's file. */
  file: string;
  /** Left and right exchanged. */
  mirrored: boolean;
  left: number;
  top: number;
  side: number;
}

/** A piece of a background that fills a silhouette; lengths in the background's own pixels. */
export interface Clutter extends Rectangle {
  /** The background's file. */
  file: string;
  /** Left and right exchanged. */
  mirrored: boolean;
}

/** A thing, or its silhouette, and its place on the canvas of 224 × 224 pixels. */
export interface PlacedThing {
  /** The thing's file. */
  file: string;
  className: string;
  /** Left and right exchanged. */
  mirrored: boolean;
  /** The thing's box on the canvas, in whole pixels. It lies within the canvas as a whole and touches no other's. */
  left: number;
  top: number;
  width: number;
  height: number;
  /** Given where only the thing's shape is drawn: what fills it. */
  clutter?: Clutter;
}

/**
 * One target among distractors, as plain data: what is drawn, and where. Everything that was drawn by lot stands here, so
 * that a scene with one part changed is the same in all others.
 */
export interface SceneDescription {
  /** The target's class. */
  className: string;
  /** The index of the target's class in `SceneCollection.classes`. */
  label: number;
  target: PlacedThing;
  distractors: PlacedThing[];
  background: BackgroundCrop;
  /** Of the JPEG through which the finished scene goes, 70 … 95. */
  quality: number;
}

/** A scene from which the target was taken; its label is still the one that the target had. */
export type SceneWithoutTarget = Omit<SceneDescription, "target">;

/** A scene, with its target or without. */
export type AnyScene = SceneWithoutTarget & { target?: PlacedThing };
