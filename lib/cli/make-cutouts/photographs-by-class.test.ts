import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import { parseCsv } from "../../datasets/csv";
import { dataFolder, projectFolder } from "../../node/files";
import { listImageFolder } from "../../node/image-folder";

const columns = ["file", "class", "author", "licence", "url", "source"] as const;
const folder = path.join(dataFolder(), "photographs-by-class");
const read = (file: string, wanted: readonly (typeof columns)[number][]) =>
  parseCsv(fs.readFileSync(file, "utf8"), file, wanted);
const rows = read(path.join(folder, "photographs.csv"), columns);

test("every photograph of the set has a row with its author, a free licence and its page, and the reverse", () => {
  const { classes, images } = listImageFolder(folder);
  assert.deepEqual(classes, ["fish", "monument", "palace", "windmill"]);
  const listed = images.map(({ file }) => path.relative(folder, file).replaceAll(path.sep, "/"));
  assert.deepEqual(listed.sort(), rows.map(({ file }) => file).sort());
  for (const { file, class: className, author, licence, url } of rows) {
    assert.ok(file.startsWith(`${className}/`), file);
    assert.ok(author && ["public domain", "CC0-1.0"].includes(licence) && url.startsWith("https://"), file);
  }
});

test("no photograph is one of those that are for tests alone", () => {
  const inContext = path.join(projectFolder(), "data", "photographs-in-context", "photographs.csv");
  const kept = new Set(read(inContext, ["source"]).map(({ source }) => source));
  assert.ok(kept.size > 40);
  for (const { source } of rows) assert.ok(!kept.has(source), source);
});
