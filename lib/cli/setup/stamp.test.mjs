import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { test } from "node:test";
import { hashFiles, readStamp, removeStamp, stampSays, writeStamp } from "./stamp.mjs";

/** @param {import("node:test").TestContext} context */
function temporaryFolder(context) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "stamp-"));
  context.after(() => fs.rmSync(folder, { recursive: true }));
  return folder;
}

test("a stamp says what its folder was made from, and nothing else", (context) => {
  const folder = temporaryFolder(context);
  assert.equal(stampSays(folder, { lock: "a" }), false);
  writeStamp(folder, { lock: "a" }, "250 packages");
  assert.equal(stampSays(folder, { lock: "a" }), true);
  assert.equal(stampSays(folder, { lock: "b" }), false);
  assert.equal(stampSays(folder, { lock: "a", platform: "linux" }), false);
  assert.equal(readStamp(folder)?.made, "250 packages");
  removeStamp(folder);
  assert.equal(stampSays(folder, { lock: "a" }), false);
});

test("a broken stamp counts as none", (context) => {
  const folder = temporaryFolder(context);
  writeStamp(folder, { lock: "a" });
  const file = path.join(folder, fs.readdirSync(folder)[0] ?? "");
  fs.writeFileSync(file, '{ "lock": "a"');
  assert.equal(stampSays(folder, { lock: "a" }), false);
});

test("the hash of files tells a change of content, of name and of where one ends", (context) => {
  const folder = temporaryFolder(context);
  const write = (/** @type {string} */ name, /** @type {string} */ content) => {
    fs.writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const [first, second] = [write("a.ts", "one"), write("b.ts", "two")];
  const before = hashFiles([first, second]);
  assert.equal(hashFiles([first, second]), before);
  write("a.ts", "onet");
  write("b.ts", "wo");
  assert.notEqual(hashFiles([first, second]), before);
  write("a.ts", "one");
  assert.notEqual(hashFiles([first, write("c.ts", "two")]), before);
});
