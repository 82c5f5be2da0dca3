import { requireWhole } from "../../runtime/checks";
import { sha256 } from "../../runtime/sha256";
import { UserError } from "../../runtime/user-error";
import type { Background, CutoutObject } from "../cutouts/collection";
import { dealFolds } from "../folds";
import type { SceneCollection } from "./collection";
import { canvasSide, groupCount } from "./layout";

/** One group of a repeat: scenes are made of one group's targets, distractors and backgrounds alone. */
export interface SceneGroup {
  /** 0 … 4 */
  number: number;
  targets: CutoutObject[];
  distractors: CutoutObject[];
  backgrounds: Background[];
}

/**
 * Deals a collection into the five groups of a repeat. Every thing is in exactly one, near-duplicates in the same one; the
 * targets of each class are spread evenly, and so are distractors and backgrounds by their number.
 *
 * Fold f of a cross-validation tests on the scenes of group f, validates on those of group (f + 1) mod 5 and trains on the
 * others, so its parts share no thing, no distractor and no background, and over the folds every target is tested once.
 *
 * A background smaller than the canvas is left out, since nothing is enlarged.
 *
 * @param repeat whole, from 0: things are dealt anew in each; further repeats leave the earlier ones as they were
 * @param seed equal seeds deal equally
 * @throws UserError when a class of targets, the distractors or the backgrounds have fewer than five groups of near-duplicates
 */
export function dealGroups(
  collection: SceneCollection,
  { repeat, seed = 0 }: { repeat: number; seed?: number },
): SceneGroup[] {
  requireWhole("The repeat", repeat, 0, 999_999);
  const deal = <Item>(
    items: readonly Item[],
    dealt: (item: Item) => { group: string; className: string },
  ) => {
    const folds = dealFolds(items.map(dealt), { folds: groupCount, repeats: repeat + 1, seed })[repeat]!;
    return (number: number) => items.filter((_, place) => folds[place] === number);
  };
  const targets = deal(collection.targets, ({ group, className }) => ({ group, className }));
  const distractors = deal(collection.distractors, ({ group, className }) => ({
    group: `${className}/${group}`,
    className: "distractors",
  }));
  const backgrounds = deal(
    collection.backgrounds.filter(({ width, height }) => Math.min(width, height) >= canvasSide),
    ({ group }) => ({ group, className: "backgrounds" }),
  );
  return Array.from({ length: groupCount }, (_, number) => ({
    number,
    targets: targets(number),
    distractors: distractors(number),
    backgrounds: backgrounds(number),
  }));
}

/** SHA-256 over the collection and the files of every group: equal where the same images were dealt in the same way. */
export function dealingDigest(collection: SceneCollection, groups: readonly SceneGroup[]): string {
  const files = groups.map(({ number, ...items }) => [
    number,
    ...[items.targets, items.distractors, items.backgrounds].map((of) => of.map(({ file }) => file)),
  ]);
  return sha256(JSON.stringify([collection.digest, files]));
}

/**
 * The backgrounds of a group that differ from all that a scene shows already, behind its things or in silhouettes.
 * @param used the files of what it shows; they must be the group's
 * @throws UserError when the group does not hold one of them, or has no other
 */
export function otherBackgrounds(group: SceneGroup, used: readonly string[]): Background[] {
  const kept = new Set(
    used.map((file) => {
      const known = group.backgrounds.find((background) => background.file === file);
      if (known) return known.group;
      throw new UserError(
        `Group ${group.number} does not hold the background ${file}. Give the group that the scene was planned from.`,
      );
    }),
  );
  const others = group.backgrounds.filter((background) => !kept.has(background.group));
  if (others.length === 0) {
    throw new UserError(
      `Group ${group.number} has no background that differs from ${used.join(", ")}. Add backgrounds.`,
    );
  }
  return others;
}
