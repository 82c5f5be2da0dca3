import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadSceneCollection } from "../../node/load-scene-collection";
import { randomStream } from "../../runtime/random";
import { UserError } from "../../runtime/user-error";
import type { SceneCollection } from "./collection";
import type { SceneDescription } from "./description";
import { dealGroups, type SceneGroup } from "./groups";
import { canvasSide, leastGap } from "./layout";
import { placeThings } from "./place-things";
import { planCell, planMixture, planSilhouettes } from "./plan";

let collection: SceneCollection;
let group: SceneGroup;

before(async () => {
  collection = await loadSceneCollection();
  group = dealGroups(collection, { repeat: 0 })[2]!;
});

const mixture = (count: number, name = "mixture") => planMixture(group, count, randomStream(0, name));
const spread = (items: readonly (string | number)[]) => {
  const counts = new Map<string | number, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return Math.max(...counts.values()) - Math.min(...counts.values());
};
const sizeOf = ({ width, height }: { width: number; height: number }) => Math.max(width, height);
const thingsOf = ({ target, distractors }: SceneDescription) => [target, ...distractors];

test("scenes are plain data: writing them as JSON loses nothing, and the same stream plans the same", () => {
  assert.deepEqual(JSON.parse(JSON.stringify(mixture(40))), mixture(40));
  assert.deepEqual(mixture(20), mixture(40).slice(0, 20));
  assert.notDeepEqual(mixture(40, "another"), mixture(40));
});

test("in the mixture classes, targets of a class, backgrounds and numbers of distractors are even", () => {
  const scenes = mixture(700);
  assert.ok(spread(scenes.map(({ className }) => className)) <= 1);
  assert.ok(spread(scenes.map(({ background }) => background.file)) <= 1);
  assert.equal(spread(scenes.map(({ distractors }) => distractors.length)), 0);
  for (const className of collection.classes) {
    const ofClass = scenes.filter((scene) => scene.className === className);
    assert.ok(spread(ofClass.map(({ target }) => target.file)) <= 1);
    assert.ok(ofClass.every(({ label }) => collection.classes[label] === className));
  }
});

test("things come from one group, lie within the canvas apart from one another, at 32 to 96 pixels", () => {
  const targets = new Set(group.targets.map(({ file }) => file));
  const distractors = new Set(group.distractors.map(({ file }) => file));
  const backgrounds = new Map(group.backgrounds.map((background) => [background.file, background]));
  for (const scene of mixture(350)) {
    const things = thingsOf(scene);
    for (const [index, thing] of things.entries()) {
      const { left, top, width, height, clutter } = thing;
      assert.ok(sizeOf(thing) >= 32 && sizeOf(thing) <= 96);
      assert.ok(left >= 0 && top >= 0 && left + width <= canvasSide && top + height <= canvasSide);
      for (const other of things.slice(0, index)) {
        const across = Math.max(other.left - left - width, left - other.left - other.width);
        const down = Math.max(other.top - top - height, top - other.top - other.height);
        assert.ok(Math.max(across, down) >= leastGap);
      }
      assert.equal((clutter || index === 0 ? targets : distractors).has(thing.file), true);
      const twin = things.findIndex(({ file }) => file === thing.file);
      assert.ok(twin === index || (clutter && things[twin]!.clutter), `${thing.file} is shown twice`);
      if (!clutter) continue;
      const photograph = backgrounds.get(clutter.file)!;
      assert.notEqual(photograph.group, backgrounds.get(scene.background.file)!.group);
      assert.ok(clutter.left >= 0 && clutter.left + clutter.width <= photograph.width);
      assert.ok(clutter.top >= 0 && clutter.top + clutter.height <= photograph.height);
      assert.ok(clutter.width >= width && clutter.height >= height, "clutter is never enlarged");
    }
    const { file, left, top, side } = scene.background;
    const { width, height } = backgrounds.get(file)!;
    assert.ok(side >= canvasSide && left >= 0 && left + side <= width && top >= 0 && top + side <= height);
    assert.ok(scene.quality >= 70 && scene.quality <= 95);
  }
});

test("half of the distractors are silhouettes, of all classes alike, and all qualities occur", () => {
  const scenes = mixture(1400);
  const distractors = scenes.flatMap((scene) => scene.distractors);
  const silhouettes = distractors.filter(({ clutter }) => clutter);
  // 4,200 draws: four standard errors are 0.031.
  const half = silhouettes.length / distractors.length;
  assert.ok(Math.abs(half - 0.5) < 0.031, `${half}`);
  for (const className of collection.classes) {
    const share = silhouettes.filter((thing) => thing.className === className).length / silhouettes.length;
    assert.ok(Math.abs(share - 1 / 8) < 0.03, `${className}: ${share}`);
  }
  assert.equal(new Set(scenes.map(({ quality }) => quality)).size, 26);
});

test("size and place don't say which thing is the target: among equal shapes it is the largest as often as any", () => {
  const shapes = Array.from({ length: 4 }, () => ({ width: 60, height: 96 }));
  const stream = randomStream(5, "places");
  const largest = new Array<number>(4).fill(0);
  const farthest = new Array<number>(4).fill(0);
  const first = (values: readonly number[]) => values.indexOf(Math.max(...values));
  const count = 4000;
  for (let scene = 0; scene < count; scene++) {
    const boxes = placeThings(shapes, stream);
    // Ties go to the first; a little at random breaks them.
    largest[first(boxes.map((box) => sizeOf(box) + stream.uniform()))]!++;
    const distance = (from: number, length: number) => Math.abs(from + length / 2 - canvasSide / 2);
    farthest[
      first(boxes.map(({ left, top, width, height }) => distance(left, width) + distance(top, height)))
    ]!++;
  }
  // Four standard errors of a share of a quarter.
  for (const times of [...largest, ...farthest])
    assert.ok(Math.abs(times / count - 0.25) < 0.028, `${times}`);
});

test("a target's cells share its background, its quality and their distractors as far as they go", () => {
  const target = group.targets[3]!;
  const cells = [0, 1, 3, 6].flatMap((distractors) =>
    [32, 48, 64, 96].map((size) => ({ size, distractors })),
  );
  const planned = cells.map((cell) => ({
    cell,
    scene: planCell(group, target, cell, randomStream(0, target.file)),
  }));
  const fullest = planned.at(-1)!.scene;
  for (const { cell, scene } of planned) {
    assert.equal(scene.target.file, target.file);
    assert.equal(sizeOf(scene.target), cell.size);
    assert.equal(scene.distractors.length, cell.distractors);
    assert.deepEqual(scene.background, fullest.background);
    assert.equal(scene.quality, fullest.quality);
    const kept = ({ file, mirrored, clutter }: SceneDescription["target"]) => [file, mirrored, clutter?.file];
    assert.deepEqual(scene.distractors.map(kept), fullest.distractors.slice(0, cell.distractors).map(kept));
  }
});

test("silhouette scenes show every target as often, each filled with clutter of another background", () => {
  const scenes = planSilhouettes(group, 2, randomStream(0, "silhouettes"));
  assert.deepEqual(
    scenes.map(({ target }) => target.file),
    group.targets.flatMap(({ file }) => [file, file]),
  );
  for (const { target, background } of scenes) assert.ok(target.clutter!.file !== background.file);
  assert.ok(new Set(scenes.map(({ distractors }) => distractors.length)).size > 4);
});

test("numbers out of range and groups that lack something are refused by name", () => {
  const refused = (pattern: RegExp) => (error: unknown) =>
    error instanceof UserError && pattern.test(error.message);
  const stream = randomStream(0, "refused");
  const cell = (size: number, distractors: number) => () =>
    planCell(group, group.targets[0]!, { size, distractors }, stream);
  assert.throws(cell(97, 0), refused(/size of a target .*32 … 96, not 97/));
  assert.throws(cell(32, 7), refused(/number of distractors .*0 … 6, not 7/));
  assert.throws(() => planMixture(group, 0, stream), refused(/number of scenes/));
  assert.throws(
    () => planMixture({ ...group, distractors: [] }, 1, stream),
    refused(/Group 2 has no distractors/),
  );
  const distractors = group.distractors.slice(0, 2);
  assert.throws(
    () => planMixture({ ...group, distractors }, 70, stream),
    refused(/Group 2 has too few things/),
  );
});
