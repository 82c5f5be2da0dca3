import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { sha256 } from "../runtime/sha256";
import { UserError } from "../runtime/user-error";
import { writeAtomically } from "./files";

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

test("SHA-256 agrees with the standard's example", () => {
  // FIPS 180-2, appendix B.1.
  assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
