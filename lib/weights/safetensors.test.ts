import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { readSafetensors } from "../node/safetensors-file";
import { UserError } from "../runtime/user-error";
import { encodeSafetensors } from "./safetensors";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "safetensors-test-"));
after(() => fs.rmSync(folder, { recursive: true }));

const tensors = {
  tokens: { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-30, 7) },
  "a name of odd length": { shape: [1], data: Float32Array.of(9) },
};

function write(bytes: Uint8Array): string {
  const file = path.join(folder, "some.safetensors");
  fs.writeFileSync(file, bytes);
  return file;
}

test("what is written is read again, number for number", () => {
  assert.deepEqual(readSafetensors(write(encodeSafetensors(tensors))), tensors);
});

test("a file cut at any length, or with any byte changed, is refused by name", () => {
  const whole = encodeSafetensors(tensors);
  const refused = (bytes: Uint8Array, what: string) =>
    assert.throws(
      () => readSafetensors(write(bytes)),
      (error) => error instanceof UserError && error.message.includes("some.safetensors"),
      what,
    );
  for (let length = 0; length < whole.length; length += 3)
    refused(whole.subarray(0, length), `cut at ${length}`);
  const padding = whole.indexOf("}}  ") + 2;
  const numbersStart = whole.length - 28;
  for (let at = 0; at < whole.length; at++) {
    // Other white space at the end of the header changes nothing that is read.
    if (at >= padding && at < numbersStart) continue;
    for (const bit of [0x01, 0x10]) {
      const changed = Buffer.from(whole);
      changed[at] = changed[at]! ^ bit;
      refused(changed, `changed at ${at}`);
    }
  }
});

test("a missing file is refused by name", () => {
  assert.throws(() => readSafetensors(path.join(folder, "absent.safetensors")), /absent\.safetensors/);
});
