import type { Backbone } from "../../backbones/backbone";
import type { SceneCollection } from "../../datasets/scenes/collection";
import { maskOfThing } from "../../datasets/scenes/compose";
import { dealGroups } from "../../datasets/scenes/groups";
import { renderScene, type Scene } from "../../node/render-scene";
import type { OnProgress } from "../../runtime/progress";
import { randomStream } from "../../runtime/random";
import { sha256 } from "../../runtime/sha256";
import type { InputSource } from "../../transfer/input-source";
import { type AreaUnderCurve, areaUnderCurve } from "./area-under-curve";
import { trainDiscriminant, withProducts } from "./discriminant";
import { boxFeatures, edgeFeatures, type SceneItem } from "./item-features";
import { planPairs, type SilhouettePair } from "./pairs";
import { tokenFeatures } from "./token-features";

/** Limits of the area under the curve within which two kinds of items pass as alike. */
export const ALIKE = { least: 0.47, most: 0.53 };

/** What a classifier that was trained on some features tells of targets and distractors. */
export interface SeamResult extends AreaUnderCurve {
  /** What it saw: the box alone, statistics along the edge, or tokens of a frozen network. */
  features: "box" | "edge" | "tokens";
  /** How many pairs of a target and a distractor it was tried on. */
  pairs: number;
}

/**
 * Tries to tell targets from distractors where nothing but a fault of the scenes could: targets filled with clutter through
 * their own mask against distractors that are silhouettes of targets, in finished scenes. Classifiers are trained on the
 * scenes of four groups and tried on those of the fifth.
 *
 * @param scenesPerGroup how many scenes of the mixture are planned in each of the five groups
 * @param onProgress told the share that is done, 0 … 1
 */
export async function testSeams(
  collection: SceneCollection,
  backbone: Backbone,
  scenesPerGroup: number,
  onProgress: OnProgress,
): Promise<SeamResult[]> {
  const pairs = planPairs(dealGroups(collection, { repeat: 0 }), scenesPerGroup);
  const edges: number[][] = [];
  const items = pairItems(collection, pairs);
  const load = async (index: number) => {
    const item = await items.load(index);
    edges[index] = edgeFeatures(item);
    return item;
  };
  const tokens = await tokenFeatures(backbone, { ...items, load }, onProgress);
  const boxes = pairs.flatMap(({ scene, silhouette }) => [scene.target, silhouette].map(boxFeatures));
  const features = { box: boxes.map(withProducts), edge: edges.map(withProducts), tokens };
  return (["box", "edge", "tokens"] as const).map((name) => ({
    features: name,
    ...tellApart(collection, pairs, features[name]),
    pairs: pairs.length,
  }));
}

/** The items of the pairs: the target of pair i at 2 i, its distractor after it; both from the same finished scene. */
export function pairItems(
  collection: SceneCollection,
  pairs: readonly SilhouettePair[],
): InputSource<SceneItem> {
  let last: { pair: number; scene: Promise<Scene> } | undefined;
  return {
    count: 2 * pairs.length,
    digest: sha256(JSON.stringify([collection.digest, pairs])),
    load: async (index) => {
      const pair = index >> 1;
      const { scene, silhouette } = pairs[pair]!;
      // The two are asked for one after the other, and need not be drawn twice.
      if (last?.pair !== pair) last = { pair, scene: renderScene(collection, scene) };
      const box = index % 2 === 0 ? scene.target : silhouette;
      const { image } = await last.scene;
      return { image, mask: maskOfThing(collection, box), box };
    },
  };
}

/**
 * Trains a classifier on all groups but one and tries it on that one, in turn.
 * @param features of every item, in the order of `pairItems`
 */
export function tellApart(
  collection: Pick<SceneCollection, "targets">,
  pairs: readonly SilhouettePair[],
  features: readonly ArrayLike<number>[],
): AreaUnderCurve {
  const thingOf = new Map(
    collection.targets.map(({ file, className, group }) => [file, `${className}/${group}`]),
  );
  const items = pairs.flatMap(({ group, scene, silhouette }, pair) => [
    { group, thing: thingOf.get(scene.target.file)!, isTarget: true, features: features[2 * pair]! },
    { group, thing: thingOf.get(silhouette.file)!, isTarget: false, features: features[2 * pair + 1]! },
  ]);
  const groups = [...new Set(items.map(({ group }) => group))];
  const scored = groups.flatMap((group) => {
    const seen = items.filter((item) => item.group !== group);
    const score = trainDiscriminant(
      seen.map((item) => item.features),
      seen.map((item) => item.isTarget),
    );
    return items
      .filter((item) => item.group === group)
      .map(({ features: ofItem, ...item }) => ({ ...item, score: score(ofItem) }));
  });
  return areaUnderCurve(scored, randomStream(0, "scene seams/interval"));
}
