import type { PlacedThing, SceneDescription } from "../../datasets/scenes/description";
import type { SceneGroup } from "../../datasets/scenes/groups";
import { planMixture } from "../../datasets/scenes/plan";
import { withTargetAsClutter } from "../../datasets/scenes/variants";
import { randomStream } from "../../runtime/random";
import { UserError } from "../../runtime/user-error";

/** A scene whose target is filled with clutter, and one of its distractors that is a silhouette of a target too. */
export interface SilhouettePair {
  /** The number of the group that the scene was made of: what is learned on others is tried on it. */
  group: number;
  scene: SceneDescription;
  /** The distractor that is held against the target. */
  silhouette: PlacedThing;
}

/**
 * Pairs that no one should be able to tell apart. Both are silhouettes of things of the eight classes, filled with clutter;
 * one of them was planned as the target. All that could tell them apart is how the target is placed, or pasted.
 *
 * Scenes come from the mixture; those without a silhouette among their distractors are passed over. Which of several is
 * taken is drawn by lot, so that the two have the same neighbours on average.
 *
 * @param scenesPerGroup how many scenes of each group are planned; of about 72 in a hundred a pair comes
 */
export function planPairs(groups: readonly SceneGroup[], scenesPerGroup: number): SilhouettePair[] {
  const pairs = groups.flatMap((group) => {
    const stream = randomStream(0, `scene seams/group ${group.number}`);
    const lots = stream.child("lots");
    return planMixture(group, scenesPerGroup, stream.child("scenes")).flatMap((scene, index) => {
      const silhouettes = scene.distractors.filter(({ clutter }) => clutter);
      if (silhouettes.length === 0) return [];
      const silhouette = lots.pick(silhouettes);
      const filled = withTargetAsClutter(scene, group, stream.child(`clutter ${index}`));
      return [{ group: group.number, scene: filled, silhouette }];
    });
  });
  const found = new Set(pairs.map(({ group }) => group));
  if (groups.length > 1 && found.size === groups.length) return pairs;
  throw new UserError(
    "The test of the seams needs silhouettes in the scenes of two groups or more. Give it more scenes.",
  );
}
