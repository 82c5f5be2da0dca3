import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { SceneCollection } from "../../datasets/scenes/collection";
import { dealGroups } from "../../datasets/scenes/groups";
import { loadSceneCollection } from "../../node/load-scene-collection";
import { UserError } from "../../runtime/user-error";
import { withProducts } from "./discriminant";
import { pairItems, tellApart } from "./index";
import { boxFeatures, edgeFeatures, type SceneItem } from "./item-features";
import { planPairs, type SilhouettePair } from "./pairs";

let collection: SceneCollection;
let pairs: SilhouettePair[];

before(async () => {
  collection = await loadSceneCollection();
  pairs = planPairs(dealGroups(collection, { repeat: 0 }), 40);
});

test("a pair is two silhouettes of things of the classes in one scene, filled with other backgrounds than its own", () => {
  const targets = new Set(collection.targets.map(({ file }) => file));
  for (const { scene, silhouette } of pairs) {
    assert.ok(scene.distractors.includes(silhouette));
    for (const { file, clutter } of [scene.target, silhouette]) {
      assert.ok(targets.has(file));
      assert.notEqual(clutter!.file, scene.background.file);
    }
  }
  assert.throws(
    () => planPairs(dealGroups(collection, { repeat: 0 }).slice(0, 1), 40),
    (error: unknown) => error instanceof UserError && /two groups/.test(error.message),
  );
});

test("edges don't tell targets from distractors, and do when the target's are feathered once more", async () => {
  const items = pairItems(collection, pairs);
  const asMade: number[][] = [];
  const planted: number[][] = [];
  for (let index = 0; index < items.count; index++) {
    const item = await items.load(index);
    asMade.push(withProducts(edgeFeatures(item)));
    planted.push(index % 2 === 0 ? withProducts(edgeFeatures(withSofterEdge(item))) : asMade[index]!);
  }
  const fair = tellApart(collection, pairs, asMade);
  assert.ok(fair.lower < 0.5 && fair.upper > 0.5, JSON.stringify(fair));
  const seam = tellApart(collection, pairs, planted);
  assert.ok(seam.lower > 0.53, JSON.stringify(seam));
});

test("boxes don't tell targets from distractors, and do when the target's are a third larger", () => {
  const features = (among: readonly SilhouettePair[], scale: number) =>
    among
      .flatMap(({ scene, silhouette }) => [
        { ...scene.target, width: scene.target.width * scale, height: scene.target.height * scale },
        silhouette,
      ])
      .map((box) => withProducts(boxFeatures(box)));
  const many = planPairs(dealGroups(collection, { repeat: 0 }), 400);
  const fair = tellApart(collection, many, features(many, 1));
  assert.ok(fair.area > 0.47 && fair.area < 0.53, JSON.stringify(fair));
  const larger = tellApart(collection, pairs, features(pairs, 4 / 3));
  assert.ok(larger.lower > 0.53, JSON.stringify(larger));
});

/** A seam by hand: the target's edge averaged once more with its neighbours. */
function withSofterEdge(item: SceneItem): SceneItem {
  const { image, mask } = item;
  const data = Uint8Array.from(image.data);
  const steps = [0, -1, 1, -image.width, image.width];
  for (let row = 1; row < image.height - 1; row++) {
    for (let column = 1; column < image.width - 1; column++) {
      const place = row * image.width + column;
      if (mask.data[place]! < 13 || mask.data[place]! >= 242) continue;
      for (let channel = 0; channel < 3; channel++) {
        const sum = steps.reduce((total, step) => total + image.data[(place + step) * 3 + channel]!, 0);
        data[place * 3 + channel] = Math.round(sum / steps.length);
      }
    }
  }
  return { ...item, image: { ...image, data } };
}
