import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { test } from "node:test";
import { dataFolder } from "../node/files";
import { readTorchWeights } from "../node/torch-file";
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

test("every number type is read: half precision exactly, as float32, the others as they are", async () => {
  const expected = {
    half: Float32Array.of(1, -0.333251953125, 65504, 2 ** -24, Number.POSITIVE_INFINITY, -0),
    bfloat: Float32Array.of(1, -0.333984375, 3.3895313892515355e38, 2 ** -133, Number.NEGATIVE_INFINITY),
    double: Float64Array.of(0.1, -2),
    short: Int16Array.of(-32768, 32767),
    char: Int8Array.of(-128, 127),
    flags: Uint8Array.of(1, 0),
    u16: Uint16Array.of(1, 65535),
    u32: Uint32Array.of(2 ** 32 - 1),
    u64: BigUint64Array.of(2n ** 64n - 1n),
  };
  const tensors = await readTorchWeights(golden("torch-types.pth"));
  assert.deepEqual(Object.fromEntries([...tensors].map(([name, { data }]) => [name, data])), expected);
  assert.equal(tensors.get("flags")!.dtype, "bool");
  assert.deepEqual(tensors.get("double")!.shape, [1, 2]);
  // A tensor of zeros in half precision, from the time when it was refused.
  assert.deepEqual((await readTorchWeights(golden("torch-half.pth"))).get("half")!.data, new Float32Array(2));
});

test("views are gathered: one storage under two names, a number shown often, channels last", async () => {
  const tensors = await readTorchWeights(golden("torch-views.pth"));
  const eighths = Float32Array.from({ length: 12 }, (_, i) => i / 8);
  assert.deepEqual(tensors.get("tied")!.data, eighths);
  assert.deepEqual(tensors.get("again"), { shape: [4, 3], dtype: "float32", data: eighths });
  assert.deepEqual(tensors.get("expanded")!.data, new Float32Array(6).fill(0.5));
  assert.deepEqual(
    tensors.get("last")!.data,
    Float32Array.from({ length: 12 }, (_, i) => i),
  );
});

test("checkpoints, other devices, missing checksums and large archives are read", async () => {
  const training = await readTorchWeights(golden("torch-training.pth"));
  assert.deepEqual([...training.keys()], ["weight", "bias"]);
  assert.deepEqual(training.get("weight")!.data, Float32Array.of(0.5, -1));
  for (const name of ["torch-cuda.pth", "torch-no-checksums.pth", "torch-zip64.pth"]) {
    const tensors = await readTorchWeights(golden(name));
    assert.deepEqual(tensors.get("weight")!.data, Float32Array.of(1.5, -0.25), name);
  }
});

test("what is sound but no plain weights is refused by what it is, never as damage", async () => {
  const refusals: [string, RegExp][] = [
    ["torch-module.pth", /whole Python object, torch\.nn\.modules\.linear\.Linear.*state_dict\(\), file/],
    ["torch-two.pth", /several state dictionaries \(model, ema\).*torch\.load\(file\)\["model"\]/],
    ["torch-checkpoint.pth", /its entry epoch is no tensor.*state_dict\(\) alone/],
    ["torch-sparse.pth", /a sparse tensor.*to_dense/],
    ["torch-float8.pth", /torch\.float8_e4m3fn.*tensor\.float\(\)/],
    ["torch-protocol4.pth", /protocol 4.*without pickle_protocol/],
    ["torch-script.pt", /TorchScript program.*torch\.jit\.load/],
  ];
  for (const [name, reason] of refusals) {
    await assert.rejects(readTorchWeights(golden(name)), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, reason);
      assert.doesNotMatch(error.message, /[Dd]ownload/);
      return true;
    });
  }
});

test("a number that was changed in a file with checksums is noticed", () => {
  const bytes = fs.readFileSync(golden("torch-cuda.pth"));
  const at = bytes.indexOf(Buffer.from(Float32Array.of(1.5, -0.25).buffer));
  bytes[at] = bytes[at]! ^ 1;
  assert.throws(() => parseTorchWeights("torch-cuda.pth", bytes), broken("doesn't match its checksum"));
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

test("digits in a file's name are no promise: a date, or a digest, or nothing", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "weights-"));
  for (const name of ["resnet-20240131.pth", "model-01234567.pth"]) {
    const file = path.join(folder, name);
    fs.copyFileSync(golden("torch-zip.pth"), file);
    assert.equal((await readTorchWeights(file)).size, 9);
  }
  fs.rmSync(folder, { recursive: true });
});

/** Whether an error is a UserError that says what is wrong and how to mend it. */
function broken(part: string): (error: unknown) => boolean {
  return (error) =>
    error instanceof UserError && error.message.includes(part) && /Download it again/.test(error.message);
}
