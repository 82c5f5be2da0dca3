import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { sha256 } from "../../runtime/sha256";
import { UserError } from "../../runtime/user-error";
import { dataFolder } from "../files";
import { eighths, exchanged, golden } from "./golden-weights.fixture";
import { readWeights } from "./read-weights";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "read-weights-"));
after(() => fs.rmSync(folder, { recursive: true }));

const torch = (name: string) => path.join(dataFolder(), "golden", name);
const dataOf = async (file: string) =>
  Object.fromEntries([...(await readWeights(file)).tensors].map(([name, { data }]) => [name, data]));

for (const [name, format] of [
  ["torch-zip.pth", "torch"],
  ["torch-legacy.pth", "torch"],
  ["types.safetensors", "safetensors"],
] as const)
  test(`${name} is known by its content, under any name, and has the digest of its bytes`, async () => {
    const copy = path.join(folder, "some.dat");
    fs.copyFileSync(torch(name), copy);
    const read = await readWeights(copy);
    assert.equal(read.format, format);
    assert.equal(read.digest, sha256(fs.readFileSync(copy)));
    assert.ok(read.tensors.size > 4);
  });

test("safetensors in several files are read by their index", async () => {
  const file = golden("model.safetensors.index.json");
  const { tensors, format, digest } = await readWeights(file);
  assert.equal(format, "safetensors");
  assert.deepEqual(Object.fromEntries(tensors), {
    "a.weight": { shape: [3, 4], dtype: "float32", data: eighths },
    "a.bias": { shape: [2], dtype: "float32", data: Float32Array.of(1.5, -0.25) },
    "b.weight": { shape: [4, 3], dtype: "float32", data: exchanged(eighths) },
  });
  const names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
  const lines = [sha256(fs.readFileSync(file))];
  for (const name of names) lines.push(`${sha256(fs.readFileSync(golden(name)))} ${name}`);
  assert.equal(digest, createHash("sha256").update(lines.join("\n")).digest("hex"));
});

test("an index over files of PyTorch works as well", async () => {
  fs.copyFileSync(torch("torch-zip.pth"), path.join(folder, "pytorch_model-00001-of-00001.bin"));
  const index = path.join(folder, "pytorch_model.bin.index.json");
  fs.writeFileSync(index, JSON.stringify({ weight_map: { plain: "pytorch_model-00001-of-00001.bin" } }));
  const { tensors, format } = await readWeights(index);
  assert.deepEqual([format, [...tensors.keys()]], ["torch", ["plain"]]);
});

test("a shard that is missing, or lacks a tensor, is told by name", async () => {
  const index = path.join(folder, "lacking.index.json");
  const write = (map: object) => fs.writeFileSync(index, JSON.stringify({ weight_map: map }));
  write({ plain: "absent.safetensors" });
  await assert.rejects(readWeights(index), /absent\.safetensors.*does not exist/);
  fs.copyFileSync(golden("model-00001-of-00002.safetensors"), path.join(folder, "one.safetensors"));
  write({ other: "one.safetensors" });
  await assert.rejects(readWeights(index), /"other" is in one\.safetensors, which it is not/);
});

test("TensorFlow.js: tensors that lie across files, of all types", async () => {
  const { tensors, format } = await readWeights(golden("tensorflowjs-plain/model.json"));
  assert.equal(format, "tensorflowjs-graph");
  assert.deepEqual(Object.fromEntries(tensors), {
    "a/kernel": { shape: [3, 4], dtype: "float32", data: eighths },
    "a/bias": { shape: [3], dtype: "float32", data: Float32Array.of(-1, 0, 3) },
    steps: { shape: [2], dtype: "int32", data: Int32Array.of(-7, 9) },
    flags: { shape: [2], dtype: "bool", data: Uint8Array.of(1, 0) },
    half: { shape: [3], dtype: "float32", data: Float32Array.of(1, -0.5, 2 ** -14) },
  });
});

test("TensorFlow.js: quantised weights are multiplied out as its own loader does", async () => {
  const file = golden("tensorflowjs-quantised/model.json");
  const { tensors } = await readWeights(file);
  const manifest = JSON.parse(fs.readFileSync(file, "utf8")).weightsManifest[0];
  const bytes = Buffer.concat(
    manifest.paths.map((name: string) => fs.readFileSync(path.join(path.dirname(file), name))),
  );
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const theirs = tf.io.decodeWeights(buffer as ArrayBuffer, manifest.weights);
  assert.ok(manifest.weights.filter((entry: { quantization?: object }) => entry.quantization).length === 3);
  for (const [name, tensor] of Object.entries(theirs)) {
    const { data, shape } = tensors.get(name)!;
    assert.deepEqual(shape, tensor.shape);
    // A bool is a number here, and a byte there.
    assert.deepEqual([...data].map(Number), [...tensor.dataSync()].map(Number), name);
  }
  tf.dispose(theirs);
});

test("TensorFlow.js: a layers model as model.save writes it", async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 3], name: "stem" }),
      tf.layers.batchNormalization({ name: "norm" }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, name: "head" }),
    ],
  });
  const place = path.join(folder, "layers");
  fs.mkdirSync(place);
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData, format }) => {
      fs.writeFileSync(path.join(place, "weights.bin"), new Uint8Array(weightData as ArrayBuffer));
      const weightsManifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
      fs.writeFileSync(
        path.join(place, "model.json"),
        JSON.stringify({ modelTopology, format, weightsManifest }),
      );
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    }),
  );
  const { tensors, format } = await readWeights(path.join(place, "model.json"));
  assert.equal(format, "tensorflowjs-layers");
  assert.deepEqual([...tensors.keys()].sort().slice(0, 2), ["head/bias", "head/kernel"]);
  for (const weight of model.weights) {
    const values = weight.read();
    assert.deepEqual(tensors.get(weight.originalName), {
      shape: values.shape,
      dtype: "float32",
      data: values.dataSync(),
    });
  }
  model.dispose();
});

test("ONNX: initialisers in every way in which numbers are stored", async () => {
  const { tensors, format } = await readWeights(golden("model.onnx"));
  assert.equal(format, "onnx");
  const named = Object.fromEntries(tensors);
  assert.deepEqual(named.listed, { shape: [2], dtype: "float32", data: Float32Array.of(1.5, -0.25) });
  assert.deepEqual(named.double!.data, Float64Array.of(0.1));
  assert.deepEqual(named.count!.data, BigInt64Array.of(2n ** 40n + 3n, -5n));
  assert.deepEqual(named.steps!.data, Int32Array.of(-7, 9));
  assert.deepEqual(named.bytes!.data, Uint8Array.of(0, 255));
  assert.deepEqual(named.half, { shape: [2], dtype: "float32", data: Float32Array.of(1, -0.5) });
  assert.deepEqual(named.half_raw!.data, Float32Array.of(2, 0.25));
  assert.deepEqual(named.bfloat!.data, Float32Array.of(1, -0.333984375));
  assert.deepEqual(named.flags, { shape: [2], dtype: "bool", data: Uint8Array.of(1, 0) });
  assert.deepEqual(named.scalar, { shape: [], dtype: "float32", data: Float32Array.of(3) });
});

test("ONNX: weights that lost their names get those of their layers, in PyTorch's layout", async () => {
  const named = await dataOf(golden("model.onnx"));
  assert.deepEqual(named["blocks.0.attn.qkv.weight"], exchanged(eighths));
  assert.deepEqual(named["blocks.0.mlp.fc.weight"], exchanged(eighths.map((value) => value + 1)));
  assert.deepEqual(
    named["head.weight"],
    eighths.map((value) => value + 2),
  );
  assert.deepEqual(
    named["layer1.0.conv1.weight"],
    Float32Array.from({ length: 8 }, (_, i) => i),
  );
  assert.deepEqual(named["layer1.0.conv1.bias"], Float32Array.of(5, 6));
  // No weight of a layer: what it is nobody can know.
  assert.deepEqual(named["onnx::Mul_14"], Float32Array.of(7));
});

test("ONNX: numbers in a file beside are read, and only from there", async () => {
  const named = await dataOf(golden("external.onnx"));
  assert.deepEqual(named, { a: eighths, b: eighths.map((value) => value + 1) });
  const model = path.join(folder, "external.onnx");
  const bytes = fs.readFileSync(golden("external.onnx"));
  fs.writeFileSync(model, bytes);
  fs.copyFileSync(golden("external.onnx.data"), path.join(folder, "external.onnx.data"));
  await readWeights(model);
  // The same length, so that only the name changes.
  for (const name of ["../x/onnx.data.data", "/etc/some/file.data"].map((each) =>
    each.slice(0, 18).padEnd(18, "x"),
  )) {
    const changed = Buffer.from(bytes.toString("latin1").replaceAll("external.onnx.data", name), "latin1");
    fs.writeFileSync(model, changed);
    await assert.rejects(readWeights(model), /refers to ".*not in its own folder; it was not opened/);
  }
});

const elsewhere = [
  "../one.safetensors",
  "/etc/passwd",
  "a/../../b",
  "C:\\b",
  "..\\b",
  "https://example.org/b",
  "",
];
for (const name of elsewhere)
  test(`a name that leads elsewhere is refused, and nothing is opened: ${JSON.stringify(name)}`, async () => {
    const index = path.join(folder, "elsewhere.json");
    fs.writeFileSync(index, JSON.stringify({ weight_map: { a: name } }));
    await assert.rejects(readWeights(index), (error) => error instanceof UserError);
    const weightsManifest = [{ paths: [name], weights: [] }];
    fs.writeFileSync(index, JSON.stringify({ weightsManifest }));
    await assert.rejects(readWeights(index), (error) => error instanceof UserError);
  });

test("a link out of the folder is refused; one to where the named file itself is linked to is followed", async () => {
  const caches = path.join(folder, "cache");
  const [blobs, snapshot] = ["blobs", "snapshot"].map((name) => path.join(caches, name)) as [string, string];
  for (const place of [blobs, snapshot]) fs.mkdirSync(place, { recursive: true });
  const index = JSON.stringify({ weight_map: { "a.bias": "one.safetensors" } });
  fs.writeFileSync(path.join(blobs, "1"), index);
  fs.copyFileSync(golden("model-00001-of-00002.safetensors"), path.join(blobs, "2"));
  fs.symlinkSync(path.join(blobs, "2"), path.join(snapshot, "one.safetensors"));
  fs.writeFileSync(path.join(snapshot, "own.json"), index);
  await assert.rejects(readWeights(path.join(snapshot, "own.json")), /not in its own folder/);
  fs.symlinkSync(path.join(blobs, "1"), path.join(snapshot, "linked.json"));
  assert.deepEqual([...(await readWeights(path.join(snapshot, "linked.json"))).tensors.keys()], ["a.bias"]);
});

test("what is no weights is told by what it is", async () => {
  const file = path.join(folder, "no.pth");
  for (const [content, reason] of [
    ["", /it is empty/],
    ["version https://git-lfs.github.com/spec/v1\noid sha256:1", /pointer of Git LFS.*git lfs pull/],
    ["<!DOCTYPE html><title>404", /a page of HTML/],
    ['{"a": 1}', /JSON that names no files of weights/],
    ["{ broken", /it is no JSON/],
    ["GGUF\u0003", /GGUF/],
    ["anything else at all", /begins like none of the formats/],
  ] as const) {
    fs.writeFileSync(file, content);
    await assert.rejects(readWeights(file), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, reason);
      assert.match(error.message, /no\.pth/);
      return true;
    });
  }
  await assert.rejects(readWeights(path.join(folder, "absent.pth")), /absent\.pth does not exist/);
  await assert.rejects(readWeights(folder), /is a folder, not a file/);
});
