import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { test } from "node:test";
import { dataFolder } from "../node/files";
import { readTorchWeights } from "../node/torch-file";
import { sha256 } from "../runtime/sha256";
import { UserError } from "../runtime/user-error";
import { parseTorchWeights } from "./torch-file";

const golden = (name: string) => path.join(dataFolder(), "golden", name);

for (const name of ["torch-zip.pth", "torch-legacy.pth"]) {
  test(`${name}: every tensor as Python wrote it, views and all number types included`, async () => {
    const tensors = await readTorchWeights(golden(name));
    const eighths = Array.from({ length: 12 }, (_, i) => i / 8);
    const columns = [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11].map((i) => i / 8);
    assert.deepEqual(Object.fromEntries(tensors), {
      plain: { shape: [3, 4], dtype: "float32", data: Float32Array.from(eighths) },
      transposed: { shape: [4, 3], dtype: "float32", data: Float32Array.from(columns) },
      part: { shape: [4], dtype: "float32", data: Float32Array.from(eighths.slice(5, 9)) },
      double: { shape: [1, 2], dtype: "float64", data: Float64Array.of(0.1, -2) },
      parameter: { shape: [2], dtype: "float32", data: Float32Array.of(1.5, -0.25) },
      count: { shape: [], dtype: "int64", data: BigInt64Array.of(2n ** 40n + 3n) },
      integers: { shape: [2], dtype: "int32", data: Int32Array.of(-7, 9) },
      bytes: { shape: [2], dtype: "uint8", data: Uint8Array.of(0, 255) },
      empty: { shape: [0, 3], dtype: "float32", data: new Float32Array(0) },
    });
  });

  test(`${name}: cut off at any length it is refused in one sentence`, () => {
    const bytes = fs.readFileSync(golden(name));
    for (let length = 0; length < bytes.length; length++)
      assert.throws(
        () => parseTorchWeights(name, bytes.subarray(0, length)),
        broken(name),
        `${length} bytes`,
      );
  });

  test(`${name}: with any byte changed it is read or refused, and never crashes`, () => {
    const original = fs.readFileSync(golden(name));
    let refused = 0;
    for (let position = 0; position < original.length; position++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const bytes = Buffer.from(original);
        bytes[position] = (original[position] as number) ^ flip;
        try {
          parseTorchWeights(name, bytes);
        } catch (error) {
          assert.ok(error instanceof UserError, `byte ${position} ^ ${flip}: ${error}`);
          refused++;
        }
      }
    }
    assert.ok(refused > 100);
  });
}

test("a pickle that asks to run a function is refused by the function's name, and nothing is run", async () => {
  await assert.rejects(readTorchWeights(golden("torch-unsafe.pth")), (error: Error) => {
    assert.ok(error instanceof UserError);
    return /torch-unsafe\.pth asks to run .*builtin.*\.print.*nothing was run/.test(error.message);
  });
});

test("number types that are not read, and entries that are no tensors, are named", async () => {
  await assert.rejects(readTorchWeights(golden("torch-half.pth")), broken("torch.HalfStorage"));
  await assert.rejects(
    readTorchWeights(golden("torch-checkpoint.pth")),
    broken("its entry epoch is no tensor"),
  );
});

test("files that are missing, empty or something else are told by their name", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "weights-"));
  const file = path.join(folder, "some.pth");
  await assert.rejects(readTorchWeights(file), (error: Error) =>
    /some\.pth does not exist/.test(error.message),
  );
  await assert.rejects(readTorchWeights(folder), UserError);
  fs.writeFileSync(file, "");
  await assert.rejects(readTorchWeights(file), broken("it is empty"));
  fs.writeFileSync(file, "<html>Not found</html>");
  await assert.rejects(readTorchWeights(file), broken("not written by torch.save"));
  fs.rmSync(folder, { recursive: true });
});

test("a file that carries its digest in its name must have that digest", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "weights-"));
  const bytes = fs.readFileSync(golden("torch-zip.pth"));
  const digest = sha256(bytes).slice(0, 8);
  const right = path.join(folder, `model-${digest}.pth`);
  const wrong = path.join(folder, "model-01234567.pth");
  fs.writeFileSync(right, bytes);
  fs.writeFileSync(wrong, bytes);
  assert.equal((await readTorchWeights(right)).size, 9);
  await assert.rejects(readTorchWeights(wrong), broken("the digest in its name"));
  fs.rmSync(folder, { recursive: true });
});

/** Whether an error is a UserError that says what is wrong and how to mend it. */
function broken(part: string): (error: unknown) => boolean {
  return (error) =>
    error instanceof UserError && error.message.includes(part) && /Download it again/.test(error.message);
}
