import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { objectSide } from "../datasets/cutouts/layout";
import { UserError } from "../runtime/user-error";
import { dataFolder } from "./files";
import { loadCutouts } from "./load-cutouts";

const original = path.join(dataFolder(), "cutouts-in-clutter");
let root: string;
let copy: string;

before(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "cutouts-"));
});
beforeEach(() => {
  copy = fs.mkdtempSync(path.join(root, "copy-"));
  fs.cpSync(original, copy, { recursive: true });
});
after(() => fs.rmSync(root, { recursive: true }));

const refused = (named: string, reason: RegExp) =>
  assert.rejects(loadCutouts(copy), (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.ok(error.message.includes(named), error.message);
    assert.match(error.message, reason);
    return true;
  });

test("the committed collection has eight classes of twenty and more objects, all of one size, all credited", async () => {
  const { classes, objects, backgrounds, images } = await loadCutouts();
  assert.deepEqual(classes, [
    "bird",
    "coin",
    "flower",
    "fruit",
    "furry mammal",
    "hoofed mammal",
    "tool",
    "vegetable",
  ]);
  for (const [label, className] of classes.entries()) {
    const ofClass = objects.filter((object) => object.className === className);
    assert.ok(ofClass.length >= 20, `${className}: ${ofClass.length}`);
    assert.ok(ofClass.every((object) => object.label === label));
  }
  assert.ok(backgrounds.length >= 60);
  for (const object of objects) {
    assert.equal(Math.max(object.width, object.height), objectSide, object.file);
    assert.equal(images.get(object.file)?.channels, 4);
  }
  for (const entry of [...objects, ...backgrounds]) {
    assert.ok(entry.author && entry.licence && entry.source && entry.changes && entry.group, entry.file);
    // What may be passed on; the free documentation licence alone would not do.
    assert.match(entry.licence, /^(GPL-2\.0|CC-BY|CC0|public domain)/, entry.file);
  }
});

test("an equal collection has an equal digest wherever it lies, one changed byte changes it", async () => {
  const { digest } = await loadCutouts(copy);
  assert.equal(digest, (await loadCutouts()).digest);
  const table = path.join(copy, "objects.csv");
  fs.writeFileSync(table, fs.readFileSync(table, "utf8").replaceAll("\n", "\r\n"));
  assert.equal((await loadCutouts(copy)).digest, digest, "line ends do not count");
  fs.writeFileSync(table, fs.readFileSync(table, "utf8").replace("A magpie", "A crow"));
  assert.notEqual((await loadCutouts(copy)).digest, digest);
});

test("a truncated image is refused by name", async () => {
  const file = path.join(copy, "objects", "coin", "euro-1-cent.webp");
  const whole = fs.readFileSync(file);
  fs.writeFileSync(file, whole.subarray(0, whole.length / 2));
  await refused(file, /could not be decoded/);
});

test("a missing image, table and a folder that is no collection are refused by name", async () => {
  const background = path.join(copy, "backgrounds", "colosseum.webp");
  fs.rmSync(background);
  await refused(background, /is missing.*git checkout/);
  const table = path.join(copy, "backgrounds.csv");
  fs.rmSync(table);
  await refused(table, /is missing.*git checkout/);
  fs.mkdirSync(table);
  await refused(table, /is a folder, not a file/);
});

test("tables without rows, and folders that are not there, give a sentence", async () => {
  for (const name of ["objects.csv", "backgrounds.csv"]) {
    const table = path.join(copy, name);
    fs.writeFileSync(table, fs.readFileSync(table, "utf8").split("\n")[0]!);
  }
  const objects = path.join(copy, "objects");
  fs.rmSync(objects, { recursive: true });
  await refused(objects, /does not exist.*git checkout/);
});

test("a class folder without images is refused by name", async () => {
  const folder = path.join(copy, "objects", "fish");
  fs.mkdirSync(folder);
  await refused(folder, /holds no images/);
});

test("an image without a row, and so without a licence, is refused by name", async () => {
  const stranger = path.join(copy, "objects", "coin", "unknown.webp");
  fs.copyFileSync(path.join(copy, "objects", "coin", "euro-1-cent.webp"), stranger);
  await refused(stranger, /none of the tables.*licence/);
});
