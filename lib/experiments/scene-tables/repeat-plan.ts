import type { SceneCollection } from "../../datasets/scenes/collection";
import type { SceneDescription } from "../../datasets/scenes/description";
import { dealGroups, dealingDigest, type SceneGroup } from "../../datasets/scenes/groups";
import { groupCount } from "../../datasets/scenes/layout";
import { planCell, planMixture, planSilhouettes, type SceneCell } from "../../datasets/scenes/plan";
import { randomStream } from "../../runtime/random";
import { sha256 } from "../../runtime/sha256";

/** The target's longer side in pixels, and the number of distractors: the axes of the surface. */
export const TARGET_SIZES = [32, 48, 64, 96] as const;
export const DISTRACTOR_NUMBERS = [0, 1, 3, 6] as const;

/** The cells in which every target is tested, in the order in which its answers stand. */
export const CELLS: readonly SceneCell[] = TARGET_SIZES.flatMap((size) =>
  DISTRACTOR_NUMBERS.map((distractors) => ({ size, distractors })),
);

/** Scenes of a group that heads are trained or validated on. */
export const MIXTURE_SCENES = 250;

/** Scenes of a target in which only its shape is left. */
export const SILHOUETTES = 2;

/** What a group's scenes are for: training and validation; the test, cell by cell; the control of what a shape tells. */
export type SceneKind = "mixture" | "cells" | "silhouettes";

/** All scenes of a repeat: each fold trains, validates and tests on some of its groups. */
export interface RepeatPlan {
  repeat: number;
  groups: readonly SceneGroup[];
  /** By kind and number of the group; of the cells and the silhouettes, those of a target stand together. */
  scenes: Readonly<Record<SceneKind, readonly (readonly SceneDescription[])[]>>;
  /** SHA-256 over collection, groups and scenes. */
  digest: string;
}

/** Plans a repeat; equal collections and repeats give equal scenes. */
export function planRepeat(collection: SceneCollection, repeat: number): RepeatPlan {
  const groups = dealGroups(collection, { repeat });
  const streamOf = ({ number }: SceneGroup) => randomStream(repeat, `scenes/group ${number}`);
  const scenes = {
    mixture: groups.map((group) => planMixture(group, MIXTURE_SCENES, streamOf(group).child("mixture"))),
    cells: groups.map((group) =>
      group.targets.flatMap((target) =>
        // One stream for all cells of a target: they differ in size and number alone.
        CELLS.map((cell) => planCell(group, target, cell, streamOf(group).child(`cells of ${target.file}`))),
      ),
    ),
    silhouettes: groups.map((group) =>
      planSilhouettes(group, SILHOUETTES, streamOf(group).child("silhouettes")),
    ),
  };
  const digest = sha256(JSON.stringify([dealingDigest(collection, groups), scenes]));
  return { repeat, groups, scenes, digest };
}

/** The groups that a fold tests, validates and trains on: none of a fold's parts shares anything with another. */
export function groupsOfFold(fold: number): { test: number; validation: number; training: number[] } {
  const validation = (fold + 1) % groupCount;
  const all = Array.from({ length: groupCount }, (_, number) => number);
  return {
    test: fold,
    validation,
    training: all.filter((number) => number !== fold && number !== validation),
  };
}
