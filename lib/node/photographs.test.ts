import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { UserError } from "../runtime/user-error";
import { dataFolder } from "./files";
import { photographs } from "./photographs";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "photographs-test-"));
after(() => fs.rmSync(folder, { recursive: true }));
const original = (name: string) => path.join(dataFolder(), "photographs", name);

test("photographs come in the backbone's size, and their digest follows what they show, not their names", async () => {
  const copy = path.join(folder, "a copy.jpg");
  fs.copyFileSync(original("koala.jpg"), copy);
  const [koala, again, hen] = await Promise.all(
    [original("koala.jpg"), copy, original("hen.jpg")].map((file) => photographs([file])),
  );
  assert.equal(koala!.digest, again!.digest);
  assert.notEqual(koala!.digest, hen!.digest);
  const { width, height, channels } = await hen!.load(0);
  assert.deepEqual([width, height, channels], [224, 224, 3]);
});

test("a broken or missing photograph is named before anything is computed", async () => {
  const broken = path.join(folder, "cut-short.jpg");
  fs.writeFileSync(broken, fs.readFileSync(original("hen.jpg")).subarray(0, 9000));
  for (const file of [broken, path.join(folder, "absent.jpg")]) {
    await assert.rejects(
      photographs([original("hen.jpg"), file]),
      (error) => error instanceof UserError && error.message.includes(path.basename(file)),
    );
  }
});
