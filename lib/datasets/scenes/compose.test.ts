import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { PixelImage } from "../../images/pixel-image";
import { loadSceneCollection } from "../../node/load-scene-collection";
import { randomStream } from "../../runtime/random";
import { sha256 } from "../../runtime/sha256";
import { UserError } from "../../runtime/user-error";
import type { SceneCollection } from "./collection";
import { composeScene, maskOfThing } from "./compose";
import { cutOut } from "./cut-out";
import type { SceneDescription } from "./description";
import { dealGroups, type SceneGroup } from "./groups";
import { canvasSide } from "./layout";
import { planMixture } from "./plan";
import { withoutTarget, withTargetAsClutter } from "./variants";

let collection: SceneCollection;
let group: SceneGroup;
let scenes: SceneDescription[];

before(async () => {
  collection = await loadSceneCollection();
  group = dealGroups(collection, { repeat: 0 })[0]!;
  scenes = planMixture(group, 7, randomStream(0, "compose"));
});

const places = [...Array(canvasSide * canvasSide).keys()];
const pixel = ({ data }: PixelImage, place: number) => [...data.subarray(place * 3, place * 3 + 3)];

test("where nothing was pasted the pixels are the background's, and masks lie within their boxes", () => {
  for (const scene of scenes) {
    const { pixels, targetMask, distractorMask } = composeScene(collection, scene);
    const bare = composeScene(collection, { ...withoutTarget(scene), distractors: [] });
    const { left, top, width, height } = scene.target;
    for (const place of places) {
      const [row, column] = [Math.floor(place / canvasSide), place % canvasSide];
      const within = row >= top && row < top + height && column >= left && column < left + width;
      if (!within) assert.equal(targetMask.data[place], 0);
      if (targetMask.data[place] === 0 && distractorMask.data[place] === 0) {
        // An opacity of less than half a step may still move a colour by one.
        const behind = pixel(bare.pixels, place);
        assert.ok(pixel(pixels, place).every((value, channel) => Math.abs(value - behind[channel]!) <= 1));
      }
    }
    assert.ok(bare.targetMask.data.every((opacity) => opacity === 0));
    assert.ok(Math.max(...targetMask.data) > 200, scene.target.file);
  }
});

test("target, distractor and silhouette go one way: who plays which part changes no pixel", () => {
  const scene = scenes.find(({ distractors }) => distractors.length === 6)!;
  const { pixels, targetMask } = composeScene(collection, scene);
  for (const [index, distractor] of scene.distractors.entries()) {
    const distractors = scene.distractors.map((thing, place) => (place === index ? scene.target : thing));
    const swapped = composeScene(collection, { ...scene, target: distractor, distractors });
    assert.deepEqual(swapped.pixels, pixels);
    assert.deepEqual(swapped.targetMask, maskOfThing(collection, distractor));
  }
  assert.deepEqual(maskOfThing(collection, scene.target), targetMask);
});

test("the joint mask is the distractors' own masks together", () => {
  for (const scene of scenes) {
    const { distractorMask } = composeScene(collection, scene);
    const masks = scene.distractors.map((thing) => maskOfThing(collection, thing));
    assert.ok(
      places.every(
        (place) => distractorMask.data[place] === masks.reduce((sum, { data }) => sum + data[place]!, 0),
      ),
    );
  }
});

test("a target that is filled with clutter keeps its mask, and only its own pixels change", () => {
  for (const [index, scene] of scenes.entries()) {
    const filled = withTargetAsClutter(scene, group, randomStream(index, "clutter"));
    const [before, after] = [composeScene(collection, scene), composeScene(collection, filled)];
    assert.deepEqual(after.targetMask, before.targetMask);
    assert.deepEqual(after.distractorMask, before.distractorMask);
    let changed = 0;
    for (const place of places) {
      const same = pixel(after.pixels, place).join() === pixel(before.pixels, place).join();
      if (before.targetMask.data[place]! > 200 && !same) changed++;
      if (before.targetMask.data[place] === 0)
        assert.ok(
          pixel(after.pixels, place).every(
            (value, i) => Math.abs(value - pixel(before.pixels, place)[i]!) <= 1,
          ),
        );
    }
    assert.ok(changed > 50, `${scene.target.file}: ${changed}`);
  }
});

test("an opaque square fades at its border and is whole inside, its colour unchanged", () => {
  const data = Uint8Array.from({ length: 40 * 40 * 4 }, (_, index) => [200, 100, 50, 255][index % 4]!);
  const { data: drawn } = cutOut(
    { width: 40, height: 40, channels: 4, data },
    { width: 40, height: 40, mirrored: false },
  );
  const opacity = (row: number, column: number) => drawn[(row * 40 + column) * 4 + 3]! / 255;
  // The normalised Gaussian of deviation 0.7 at distances 0, 1 and 2.
  const heights = [0, 1, 2].map((distance) => Math.exp(-(distance ** 2) / (2 * 0.7 ** 2)));
  const total = heights[0]! + 2 * heights[1]! + 2 * heights[2]!;
  const first = (heights[0]! + heights[1]! + heights[2]!) / total;
  assert.ok(Math.abs(opacity(20, 0) - first) < 1e-6);
  assert.ok(Math.abs(opacity(0, 0) - first * first) < 1e-6);
  assert.ok(Math.abs(opacity(20, 1) - (1 - heights[2]! / total)) < 1e-6);
  assert.ok(Math.abs(opacity(20, 20) - 1) < 1e-6);
  for (const place of [0, 20, 20 * 40 + 1])
    assert.ok(Math.abs(drawn[place * 4]! / drawn[place * 4 + 3]! - 200 / 255) < 1e-6);
});

test("the same description gives the same bytes, also from release to release", () => {
  const digest = () =>
    sha256(
      scenes
        .map((scene) => {
          const { pixels, targetMask, distractorMask } = composeScene(collection, scene);
          return [pixels, targetMask, distractorMask].map(({ data }) => sha256(data)).join();
        })
        .join(),
    );
  assert.equal(digest(), digest());
  assert.equal(digest().slice(0, 16), "ae4d0f1b3281543e");
});

test("what the collection does not hold, or lies outside, is refused by name", () => {
  const scene = scenes.find(({ distractors }) => distractors.some(({ clutter }) => clutter))!;
  const silhouette = scene.distractors.find(({ clutter }) => clutter)!;
  const refused = (changed: SceneDescription, pattern: RegExp) =>
    assert.throws(
      () => composeScene(collection, changed),
      (error: unknown) => error instanceof UserError && pattern.test(error.message),
    );
  refused(
    { ...scene, target: { ...scene.target, file: "targets/fish/carp.webp" } },
    /targets\/fish\/carp.webp/,
  );
  refused({ ...scene, background: { ...scene.background, file: "sky.webp" } }, /sky.webp/);
  refused({ ...scene, target: { ...scene.target, left: 223 } }, /The place of .* within 224×224/);
  refused({ ...scene, background: { ...scene.background, side: 4000 } }, /The crop of /);
  const clutter = { ...silhouette.clutter!, top: -1 };
  refused({ ...scene, distractors: [{ ...silhouette, clutter }] }, /The clutter in /);
});
