import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadSceneCollection } from "../../node/load-scene-collection";
import { randomStream } from "../../runtime/random";
import { UserError } from "../../runtime/user-error";
import type { SceneDescription } from "./description";
import { dealGroups, type SceneGroup } from "./groups";
import { planMixture } from "./plan";
import { onOtherBackground, withoutDistractor, withoutTarget, withTargetAsClutter } from "./variants";

let group: SceneGroup;
let scenes: SceneDescription[];

before(async () => {
  group = dealGroups(await loadSceneCollection(), { repeat: 1 })[0]!;
  scenes = planMixture(group, 70, randomStream(0, "variants"));
});

test("each variant changes one part and keeps all else, quality included", () => {
  for (const [index, scene] of scenes.entries()) {
    const stream = () => randomStream(index, "variant");
    const { target, ...rest } = scene;
    assert.deepEqual(withoutTarget(scene), rest);

    const filled = withTargetAsClutter(scene, group, stream());
    assert.deepEqual(filled, { ...scene, target: { ...target, clutter: filled.target.clutter } });
    assert.notEqual(filled.target.clutter!.file, scene.background.file);
    assert.deepEqual(withTargetAsClutter(scene, group, stream()), filled);

    const moved = onOtherBackground(scene, group, stream());
    assert.deepEqual(moved, { ...scene, background: moved.background });
    const shown = [scene.background, ...scene.distractors.flatMap(({ clutter }) => clutter ?? [])];
    assert.ok(shown.every(({ file }) => file !== moved.background.file));

    for (const place of scene.distractors.keys()) {
      const others = scene.distractors.filter((distractor) => distractor !== scene.distractors[place]);
      assert.deepEqual(withoutDistractor(scene, place), { ...scene, distractors: others });
    }
  }
});

test("a distractor that is not there can't be left out", () => {
  const bare = scenes.find(({ distractors }) => distractors.length === 0)!;
  const full = scenes.find(({ distractors }) => distractors.length === 6)!;
  for (const [scene, place] of [
    [bare, 0],
    [full, 6],
    [full, -1],
  ] as const)
    assert.throws(() => withoutDistractor(scene, place), UserError);
});
