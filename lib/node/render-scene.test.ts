import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { SceneCollection } from "../datasets/scenes/collection";
import { composeScene } from "../datasets/scenes/compose";
import type { SceneDescription } from "../datasets/scenes/description";
import { dealGroups } from "../datasets/scenes/groups";
import { planMixture } from "../datasets/scenes/plan";
import { withoutTarget } from "../datasets/scenes/variants";
import { randomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import { loadSceneCollection } from "./load-scene-collection";
import { renderScene } from "./render-scene";

let collection: SceneCollection;
let scenes: SceneDescription[];

before(async () => {
  collection = await loadSceneCollection();
  scenes = planMixture(dealGroups(collection, { repeat: 0 })[0]!, 14, randomStream(0, "render"));
});

test("scenes are the same one by one and all at once, with the composed masks", async () => {
  const together = await Promise.all(scenes.map((scene) => renderScene(collection, scene)));
  for (const [index, scene] of scenes.entries()) {
    const alone = await renderScene(collection, scene);
    assert.deepEqual(alone, together[index]);
    const { targetMask, distractorMask } = composeScene(collection, scene);
    const { className, label } = scene;
    assert.deepEqual(alone, { image: alone.image, targetMask, distractorMask, className, label });
  }
});

test("JPEG changes a scene a little, and less at a better quality", async () => {
  const far = (one: Uint8Array, other: Uint8Array) =>
    one.reduce((sum, value, index) => sum + Math.abs(value - other[index]!), 0) / one.length;
  for (const scene of scenes) {
    const { pixels } = composeScene(collection, scene);
    const change = async (quality: number) =>
      far((await renderScene(collection, { ...scene, quality })).image.data, pixels.data);
    const [worse, better] = [await change(70), await change(95)];
    assert.ok(better > 0 && better < worse && worse < 12, `${better} ${worse}`);
  }
});

test("without its target a scene is the same to the bit, but for the JPEG blocks that the target touched", async () => {
  // Colours at half the resolution make blocks of 16 pixels, and the decoder smooths them over one pixel more.
  const reach = 18;
  for (const scene of scenes) {
    const [whole, bare] = [
      await renderScene(collection, scene),
      await renderScene(collection, withoutTarget(scene)),
    ];
    assert.equal(bare.label, scene.label);
    const { left, top, width, height } = scene.target;
    let changed = 0;
    for (let row = 0; row < 224; row++) {
      for (let column = 0; column < 224; column++) {
        const near =
          row >= top - reach &&
          row < top + height + reach &&
          column >= left - reach &&
          column < left + width + reach;
        for (let channel = 0; channel < 3; channel++) {
          const place = (row * 224 + column) * 3 + channel;
          if (whole.image.data[place] === bare.image.data[place]) continue;
          assert.ok(near, `${scene.target.file} at ${row}, ${column}`);
          changed++;
        }
      }
    }
    assert.ok(changed > 0);
  }
});

test("a quality that is none is refused", async () => {
  await assert.rejects(
    renderScene(collection, { ...scenes[0]!, quality: 0 }),
    (error: unknown) => error instanceof UserError && /quality/.test(error.message),
  );
});
