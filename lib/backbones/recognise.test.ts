import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { catalogue, findInCatalogue } from "./catalogue";
import { drawnWeights } from "./drawn-weights.fixture";
import { efficientNetLite0 } from "./efficientnet-lite";
import { backboneFromWeights, recogniseArchitecture } from "./recognise";

before(() => startTensorFlow("cpu"));

const empty = (shape: readonly (number | null)[]) => ({
  shape: shape.map((size) => size ?? 10),
  dtype: "float32" as const,
  data: new Float32Array(0),
});

const filled = (shape: readonly (number | null)[]) => ({
  ...empty(shape),
  data: new Float32Array(shape.reduce<number>((count, size) => count * (size ?? 10), 1)),
});

test("every architecture of the catalogue is recognised under every convention", () => {
  for (const { name, conventions } of catalogue)
    for (const convention of conventions) {
      const weights = new Map(convention.tensors.map((tensor) => [tensor.name, empty(tensor.shape)]));
      const found = recogniseArchitecture(weights);
      assert.ok([found.name, ...found.alternatives].includes(name), `${name} was taken for ${found.name}`);
      assert.equal(recogniseArchitecture(weights, name).convention, convention.name);
      assert.equal(recogniseArchitecture(weights, name).name, name);
    }
});

test("the cut points of every entry are those of its backbone, in order", async () => {
  for (const { name, title, cuts, conventions } of catalogue.filter((entry) =>
    /lite0|18|v2$|tiny|small-resnet/.test(entry.name),
  )) {
    const zeros = conventions[0]!.tensors.map((tensor) => [tensor.name, filled(tensor.shape)] as const);
    const backbone = backboneFromWeights(new Map(zeros), "zeros", { name });
    assert.equal(backbone.name, title);
    const names = backbone.cutPoints.map((cut) => cut.name);
    const places = [cuts.middle, cuts.fineTunedFrom, cuts.last].map((cut) => names.indexOf(cut));
    assert.ok(places[0]! >= 0 && places[1]! >= 0 && places[1]! < places[2]!, `${name}: ${places}`);
    backbone.dispose();
  }
});

test("missing, extra and misshapen tensors are listed by name, ten and how many more, and nothing is loaded", async () => {
  const [convention] = findInCatalogue("efficientnet-lite0").conventions;
  const weights = drawnWeights(convention!.tensors);
  const lost = [...weights.keys()].filter((name) => name.startsWith("_blocks.3."));
  for (const name of lost) weights.delete(name);
  weights.set("_blocks.99._expand_conv.weight", weights.get("_conv_stem.weight")!);
  weights.set("_bn0.num_batches_tracked", { shape: [], dtype: "int64", data: new BigInt64Array(1) });
  weights.set("_fc.weight", { shape: [10, 64], dtype: "float32", data: new Float32Array(640) });
  const told = (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /those of EfficientNet-Lite0/);
    assert.match(error.message, /missing: _blocks\.3\._expand_conv\.weight \[144, 24, 1, 1\], /);
    assert.match(error.message, new RegExp(` and ${lost.length - 10} more;`));
    assert.match(error.message, /_fc\.weight is float32 \[10, 64\] and should be \[classes, 1280\]/);
    assert.match(error.message, /not known there: _blocks\.99\._expand_conv\.weight\./);
    return true;
  };
  await assertNoTensorLeak(() => {
    assert.throws(() => recogniseArchitecture(weights), told);
    assert.throws(() => backboneFromWeights(weights, "drawn"), told);
    assert.throws(() => efficientNetLite0(weights, "drawn"), told);
  });
});

test("a network inside a larger model is found below its prefix", () => {
  const { conventions } = findInCatalogue("resnet18");
  const weights = new Map(
    conventions[0]!.tensors.map(({ name, shape }) => [`encoder.${name}`, empty(shape)]),
  );
  weights.set("decoder.conv1.weight", empty([1, 2, 3, 4]));
  const { name, description } = recogniseArchitecture(weights);
  assert.equal(name, "resnet18");
  assert.match(description, /below "encoder\."; what is not below it is left aside/);
  weights.delete("encoder.layer1.0.conv1.weight");
  assert.throws(
    () => recogniseArchitecture(weights),
    /missing: layer1\.0\.conv1\.weight \[64, 64, 3, 3\];? ?.*Pass/,
  );
});

test("a head that a transfer put on Keras' network is its classifier, and weights without one have no logits", () => {
  const { conventions } = findInCatalogue("mobilenet-v2");
  const keras = conventions.find((each) => each.name === "Keras")!;
  const own = (name: string) =>
    name.startsWith("predictions")
      ? name.replace("predictions", "dense/dense")
      : `mobilenetv2_1.00_160/${name.replace("depthwise_kernel", "kernel")}:0`;
  const weights = new Map(keras.tensors.map(({ name, shape }) => [own(name), empty(shape)]));
  assert.equal(recogniseArchitecture(weights).convention, "Keras");
  for (const name of ["dense/dense/kernel", "dense/dense/bias"]) weights.delete(name);
  assert.equal(recogniseArchitecture(weights).convention, "Keras");
});

test("weights of no architecture, and a name that there is not, are told what there is", () => {
  assert.throws(
    () => recogniseArchitecture(new Map([["encoder.w", empty([2])]])),
    /tensors such as encoder\.w.*Known are resnet18 \(torchvision, Hugging Face\)/,
  );
  assert.throws(() => recogniseArchitecture(new Map()), /hold no tensors/);
  assert.throws(() => findInCatalogue("resnet51"), /There is no backbone "resnet51". Choose one of /);
});

test("a backbone takes inputs of another size than its weights were trained with", () => {
  const [convention] = findInCatalogue("efficientnet-lite0").conventions;
  const backbone = backboneFromWeights(drawnWeights(convention!.tensors), "drawn", { inputSize: 50 });
  assert.equal(backbone.inputSize, 50);
  const asTrained = backboneFromWeights(drawnWeights(convention!.tensors), "drawn");
  assert.notEqual(backbone.digest, asTrained.digest);
  asTrained.dispose();
  const { rows, columns, channels } = backbone.cutPoints.at(-1)!;
  assert.deepEqual([rows, columns], [2, 2]);
  const shape = tf.tidy(() => backbone.run(tf.ones([1, 50, 50, 3]), "input", "head").shape);
  assert.deepEqual(shape, [1, 2, 2, channels]);
  backbone.dispose();
});
