import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { dealFolds } from "../datasets/folds";
import type { SceneCollection } from "../datasets/scenes/collection";
import { groupCount, longestSize } from "../datasets/scenes/layout";
import { UserError } from "../runtime/user-error";
import { dataFolder } from "./files";
import { loadSceneCollection } from "./load-scene-collection";

const original = path.join(dataFolder(), "things-among-distractors");
let root: string;
let collection: SceneCollection;

before(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "scene-collection-"));
  collection = await loadSceneCollection();
});
after(() => fs.rmSync(root, { recursive: true }));

const copyOf = (name: string) => {
  const copy = path.join(root, name);
  fs.cpSync(original, copy, { recursive: true });
  return copy;
};
const refused = (folder: string, named: string, reason: RegExp) =>
  assert.rejects(loadSceneCollection(folder), (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.ok(error.message.includes(named), error.message);
    assert.match(error.message, reason);
    return true;
  });

test("the targets are of eight classes, and each has the five groups that a cross-validation deals", () => {
  const { classes, targets } = collection;
  assert.deepEqual(classes, [
    "bird",
    "flower",
    "furry mammal",
    "hoofed mammal",
    "insect",
    "sea animal",
    "tool",
    "vehicle",
  ]);
  for (const { className, label } of targets) assert.equal(classes[label], className);
  const dealt = dealFolds(targets, { folds: groupCount, repeats: 1, seed: 1 })[0]!;
  const seen = new Set(targets.map(({ label }, index) => `${dealt[index]} ${label}`));
  assert.equal(seen.size, groupCount * classes.length, "a fold lacks a class");
});

test("there are at least ninety distractors of at least ten kinds, none of a target's class or photograph", () => {
  const { classes, targets, distractors } = collection;
  const kinds = new Set(distractors.map((thing) => thing.className));
  assert.ok(distractors.length >= 90 && kinds.size >= 10, `${distractors.length} of ${kinds.size} kinds`);
  assert.ok(classes.every((name) => !kinds.has(name)));
  const sources = new Set(targets.map((thing) => thing.source));
  assert.ok(distractors.every((thing) => !sources.has(thing.source)));
});

test("every thing is 96 px long and to be seen, with a row that credits it", () => {
  const { targets, distractors, backgrounds, images } = collection;
  assert.ok(backgrounds.length >= 60);
  for (const thing of [...targets, ...distractors]) {
    assert.equal(Math.max(thing.width, thing.height), longestSize, thing.file);
    const image = images.get(thing.file)!;
    assert.equal(image.channels, 4);
    const opaque = image.data.filter((value, index) => index % 4 === 3 && value > 127).length;
    assert.ok(opaque > 0.04 * image.width * image.height, `${thing.file} is hardly to be seen`);
    assert.ok(thing.author && thing.source && thing.changes && thing.group && thing.name, thing.file);
    // What may be passed on; the free documentation licence alone would not do.
    assert.match(thing.licence, /^(GPL-2\.0|CC-BY-(SA-)?[23]\.[05]|public domain)$/, thing.file);
  }
});

test("no group of near-duplicates spans two classes, or targets and distractors", () => {
  const { targets, distractors } = collection;
  const classOf = new Map<string, string>();
  for (const { group, className, file } of targets) {
    assert.equal(classOf.get(group) ?? className, className, file);
    classOf.set(group, className);
  }
  for (const { group, file } of distractors) assert.ok(!classOf.has(group), file);
});

test("an equal collection has an equal digest wherever it lies, one changed byte changes it", async () => {
  const copy = copyOf("digest");
  assert.equal((await loadSceneCollection(copy)).digest, collection.digest);
  const table = path.join(copy, "distractors.csv");
  fs.writeFileSync(table, fs.readFileSync(table, "utf8").replace("An electric kettle", "An electric cooker"));
  assert.notEqual((await loadSceneCollection(copy)).digest, collection.digest);
});

test("what is missing, damaged or without a row is refused by name", async () => {
  const copy = copyOf("refused");
  const kettle = path.join(copy, "distractors", "household-item", "kettle.webp");
  const whole = fs.readFileSync(kettle);
  fs.writeFileSync(kettle, whole.subarray(0, whole.length / 2));
  await refused(copy, kettle, /could not be decoded/);
  fs.rmSync(kettle);
  await refused(copy, kettle, /is missing.*git checkout/);
  fs.writeFileSync(kettle, whole);
  const stranger = path.join(copy, "targets", "bird", "unknown.webp");
  fs.writeFileSync(stranger, whole);
  await refused(copy, stranger, /none of the tables.*licence/);
  fs.rmSync(stranger);
  fs.rmSync(path.join(copy, "distractors.csv"));
  await refused(copy, "distractors.csv", /is missing.*git checkout/);
});
