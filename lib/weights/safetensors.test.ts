import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { dataFolder } from "../node/files";
import { readSafetensors } from "../node/safetensors-file";
import { UserError } from "../runtime/user-error";
import { encodeSafetensors, parseSafetensors } from "./safetensors";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "safetensors-test-"));
after(() => fs.rmSync(folder, { recursive: true }));

const tensors = {
  tokens: { shape: [2, 3], dtype: "float32" as const, data: Float32Array.of(1, -2, 3.5, 0, 1e-30, 7) },
  "a name of odd length — ü": { shape: [1], dtype: "float32" as const, data: Float32Array.of(9) },
  nothing: { shape: [0, 4], dtype: "float32" as const, data: new Float32Array(0) },
  "2": { shape: [], dtype: "float32" as const, data: Float32Array.of(-1) },
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
  const whole = Buffer.from(encodeSafetensors(tensors));
  const refused = (bytes: Uint8Array, what: string) =>
    assert.throws(
      () => readSafetensors(write(bytes)),
      (error) => error instanceof UserError && error.message.includes("some.safetensors"),
      what,
    );
  for (let length = 0; length < whole.length; length += 3)
    refused(whole.subarray(0, length), `cut at ${length}`);
  const padding = whole.indexOf("}}  ") + 2;
  const numbersStart = whole.length - 32;
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

const golden = (name: string) => path.join(dataFolder(), "golden", name);

test("a file that Python wrote is read, every number type of it", () => {
  const read = readSafetensors(golden("types.safetensors"));
  assert.deepEqual(read.half!.data, Float32Array.of(1, -0.333251953125, 65504, 2 ** -24, 1 / 0, -0));
  assert.deepEqual(
    read.bfloat!.data,
    Float32Array.of(1, -0.333984375, 3.3895313892515355e38, 2 ** -133, -1 / 0),
  );
  assert.deepEqual(read.base, {
    shape: [3, 4],
    dtype: "float32",
    data: Float32Array.from({ length: 12 }, (_, i) => i / 8),
  });
  assert.deepEqual(read.double, { shape: [1, 2], dtype: "float64", data: Float64Array.of(0.1, -2) });
  assert.deepEqual(read.count, { shape: [], dtype: "int64", data: BigInt64Array.of(2n ** 40n + 3n) });
  assert.deepEqual(read.integers!.data, Int32Array.of(-7, 9));
  assert.deepEqual(read.short!.data, Int16Array.of(-32768, 32767));
  assert.deepEqual(read.char!.data, Int8Array.of(-128, 127));
  assert.deepEqual(read.u64!.data, BigUint64Array.of(2n ** 64n - 1n));
  assert.deepEqual(read.u32!.data, Uint32Array.of(2 ** 32 - 1));
  assert.deepEqual(read.u16!.data, Uint16Array.of(1, 65535));
  assert.deepEqual(read.bytes!.data, Uint8Array.of(0, 255));
  assert.deepEqual(read.flags, { shape: [2], dtype: "bool", data: Uint8Array.of(1, 0) });
  assert.deepEqual(read.empty, { shape: [0, 3], dtype: "float32", data: new Float32Array(0) });
});

test("a type that JavaScript has none of is named, and nothing is to be downloaded", () => {
  assert.throws(
    () => readSafetensors(golden("float8.safetensors")),
    (error) =>
      error instanceof UserError &&
      /"small" holds numbers of the type F8_E4M3.*Save it as F32/.test(error.message) &&
      !/[Dd]ownload/.test(error.message),
  );
});

test("a header that breaks a promise of the format is refused by what is wrong", () => {
  const f32 = (shape: number[], ...data_offsets: number[]) => ({ dtype: "F32", shape, data_offsets });
  const file = (header: string | object, numbers: number, claimed?: number) => {
    const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(claimed ?? json.length));
    return Buffer.concat([length, json, Buffer.alloc(numbers)]);
  };
  assert.deepEqual(parseSafetensors("x", file({ a: f32([2], 0, 8) }, 8)).a!.data, new Float32Array(2));
  const hole = { a: f32([1], 0, 4), b: f32([1], 8, 12) };
  const overlap = { a: f32([2], 0, 8), b: f32([2], 4, 12) };
  const one = '"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
  const wrong: [RegExp, Buffer][] = [
    [/ends too early/, Buffer.alloc(3)],
    [/not written in the safetensors format/, file({}, 0, 2 ** 40)],
    [/ends too early/, file({}, 0, 5000)],
    [/is no JSON/, file("{oh", 0)],
    [/is no JSON/, file(Buffer.from([0xff, 0xfe]).toString("latin1").concat("{"), 0)],
    [/no object of JSON/, file("[1]", 0)],
    [/"a" twice/, file(`{${one},${one}}`, 4)],
    [/"shape" twice/, file(`{${one.replace('"shape"', '"shape":[1],"shape"')}}`, 4)],
    [/metadata are no texts/, file({ __metadata__: { a: 1 } }, 0)],
    [/not described as a tensor/, file({ a: 1 }, 0)],
    [/not described as a tensor/, file({ a: f32([-1], 0, 4) }, 4)],
    [/not described as a tensor/, file({ a: f32([1.5], 0, 6) }, 6)],
    [/not described as a tensor/, file({ a: f32([1], 0) }, 4)],
    [/has 4 bytes/, file({ a: f32([2], 0, 4) }, 4)],
    [/has -4 bytes/, file({ a: f32([1], 4, 0) }, 4)],
    [/has 4 bytes/, file({ a: f32([2 ** 40, 2 ** 40], 0, 4) }, 4)],
    [/begins at byte 8, not at 4/, file(hole, 12)],
    [/begins at byte 4, not at 8/, file(overlap, 12)],
    [/ends too early/, file({ a: f32([2], 0, 8) }, 4)],
    [/longer than its header says/, file({ a: f32([1], 0, 4) }, 8)],
  ];
  for (const [reason, bytes] of wrong) {
    assert.throws(
      () => parseSafetensors("some.safetensors", bytes),
      (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, reason);
        return true;
      },
    );
  }
});

test("names that mean something to JavaScript are names like others", () => {
  const named = Object.fromEntries(
    ["__proto__", "constructor", "toString"].map((name, i) => [
      name,
      { shape: [1], data: Float32Array.of(i) },
    ]),
  );
  const read = parseSafetensors("x", encodeSafetensors(named));
  assert.deepEqual(
    Object.entries(read).map(([name, { data }]) => [name, data[0]]),
    [
      ["__proto__", 0],
      ["constructor", 1],
      ["toString", 2],
    ],
  );
});

test("what could not be read again is not written, and bytes that are none are not read", () => {
  const refused = (action: () => unknown, pattern: RegExp) =>
    assert.throws(action, (error) => error instanceof UserError && pattern.test(error.message));
  const one = { shape: [1], data: Float32Array.of(1) };
  for (const wrong of [
    { ...one, shape: [3] },
    { ...one, data: [1] },
    undefined,
    { shape: [1], data: new Uint8ClampedArray(1) },
  ])
    refused(() => encodeSafetensors({ wrong: wrong as typeof one }), /The tensor "wrong" can't be written/);
  refused(() => encodeSafetensors({ __metadata__: one }), /__metadata__/);
  refused(() => encodeSafetensors({ one }, { epochs: 3 as unknown as string }), /"epochs" can't be written/);
  refused(() => encodeSafetensors({ one }, { sha256_of_parts: "" }), /is the file's own/);
  for (const bytes of [undefined, encodeSafetensors({ one }).buffer, "text", new Float32Array(9)])
    refused(() => parseSafetensors("some", bytes as unknown as Uint8Array), /given as a Uint8Array/);
});
