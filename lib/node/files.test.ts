import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { sha256 } from "../runtime/sha256";
import { UserError } from "../runtime/user-error";
import { requireRoom, writeAtomically } from "./files";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "files-test-"));
after(() => fs.rmSync(folder, { recursive: true }));

test("a written file holds its content and nothing is left beside it", async () => {
  const file = path.join(folder, "new", "table.csv");
  await writeAtomically(file, "a,b\n");
  await writeAtomically(file, "c,d\n");
  assert.equal(fs.readFileSync(file, "utf8"), "c,d\n");
  assert.deepEqual(fs.readdirSync(path.dirname(file)), ["table.csv"]);
});

test("two writers of one file leave the whole content of one of them", async () => {
  const file = path.join(folder, "contended");
  const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000));
  await Promise.all(contents.map((content) => writeAtomically(file, content)));
  assert.ok(contents.includes(fs.readFileSync(file, "utf8")));
});

test("a folder that may not be written gives a sentence that names the file", {
  skip: process.getuid?.() === 0 || process.platform === "win32",
}, async () => {
  const closed = path.join(folder, "closed");
  fs.mkdirSync(closed, { mode: 0o500 });
  await assert.rejects(
    writeAtomically(path.join(closed, "x.json"), "{}"),
    (error) => error instanceof UserError && error.message.includes("x.json"),
  );
});

test("a file is written from parts, one behind the other", async () => {
  const file = path.join(folder, "parts");
  await writeAtomically(file, [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]);
  assert.deepEqual([...fs.readFileSync(file)], [1, 2, 3]);
});

test("names that no file can have, and places that are taken, give a sentence", async () => {
  const taken = path.join(folder, "taken");
  fs.writeFileSync(taken, "");
  const refusals: [string, RegExp][] = [
    [path.join(taken, "x.json"), /is a file, not a folder/],
    [folder, /it is a folder/],
    [path.join(folder, "n".repeat(300)), /longer than this system allows/],
  ];
  for (const [file, reason] of refusals) {
    await assert.rejects(
      writeAtomically(file, "{}"),
      (error) => error instanceof UserError && error.message.includes(file) && reason.test(error.message),
    );
  }
});

test("room is looked for before there is something to keep", async () => {
  const place = path.join(folder, "room");
  await requireRoom(place, 1);
  assert.deepEqual(fs.readdirSync(place), []);
  await assert.rejects(
    requireRoom(place, 2 ** 60),
    (error) =>
      error instanceof UserError &&
      error.message.includes(place) &&
      /takes 1073741824\.0 GiB/.test(error.message),
  );
});

test("SHA-256 agrees with the standard's example", () => {
  // FIPS 180-2, appendix B.1.
  assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
