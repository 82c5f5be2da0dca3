import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import * as fc from "fast-check";
import { UserError } from "../../runtime/user-error";
import { dataFolder } from "../files";
import { golden } from "./golden-weights.fixture";
import { readWeights } from "./read-weights";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "hostile-weights-"));
after(() => fs.rmSync(folder, { recursive: true }));

/** Small files of each format, with what lies beside them; the first is the one that is spoilt. */
const cases: Record<string, string[]> = {
  "safetensors index": [
    golden("model.safetensors.index.json"),
    golden("model-00001-of-00002.safetensors"),
    golden("model-00002-of-00002.safetensors"),
  ],
  safetensors: [golden("model-00001-of-00002.safetensors")],
  "PyTorch zip": [path.join(dataFolder(), "golden", "torch-zip.pth")],
  "PyTorch legacy": [path.join(dataFolder(), "golden", "torch-legacy.pth")],
  "TensorFlow.js": [golden("tensorflowjs-quantised/model.json"), ...shards("tensorflowjs-quantised")],
  ONNX: [golden("model.onnx")],
  "ONNX with numbers beside": [golden("external.onnx"), golden("external.onnx.data")],
  "HDF5 types": [golden("types.h5")],
  "Keras .h5": [golden("keras.h5")],
  "Keras .keras, deflated": [golden("keras-deflated.keras")],
};

function shards(name: string): string[] {
  return fs
    .readdirSync(golden(name))
    .filter((entry) => entry.endsWith(".bin"))
    .map((entry) => golden(path.join(name, entry)));
}

/** One way to spoil bytes: cut, overwritten with small, large or random values, or with a piece of themselves. */
const spoiling = fc.oneof(
  fc.record({ kind: fc.constant("cut" as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({
    kind: fc.constant("overwrite" as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    values: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
      fc.constantFrom(new Uint8Array(8), new Uint8Array(8).fill(255), Uint8Array.of(255, 255, 255, 127)),
    ),
  }),
  fc.record({
    kind: fc.constant("copy" as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 64 }),
  }),
);

type Spoiling = typeof spoiling extends fc.Arbitrary<infer T> ? T : never;

function spoil(bytes: Buffer, how: Spoiling): Buffer {
  const at = Math.floor(how.at * bytes.length);
  if (how.kind === "cut") return bytes.subarray(0, at);
  const result = Buffer.from(bytes);
  if (how.kind === "overwrite") result.set(how.values.subarray(0, bytes.length - at), at);
  else {
    const from = Math.floor(how.from * bytes.length);
    bytes.copy(result, at, from, Math.min(bytes.length, from + how.length));
  }
  return result;
}

for (const [name, files] of Object.entries(cases))
  test(`${name}: however it is spoilt, it is read or refused in a sentence`, async () => {
    const place = fs.mkdtempSync(path.join(folder, "case-"));
    for (const file of files) fs.copyFileSync(file, path.join(place, path.basename(file)));
    const [first] = files as [string];
    const whole = fs.readFileSync(first);
    const target = path.join(place, path.basename(first));
    await readWeights(target);
    await fc.assert(
      fc.asyncProperty(fc.array(spoiling, { minLength: 1, maxLength: 3 }), async (ways) => {
        fs.writeFileSync(target, ways.reduce(spoil, whole));
        try {
          await readWeights(target);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
        }
      }),
      { numRuns: 300 },
    );
    // No spoilt file leaves a reader behind that can't read a sound one.
    fs.writeFileSync(target, whole);
    await readWeights(target);
  });
