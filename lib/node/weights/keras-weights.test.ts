import assert from "node:assert/strict";
import * as fs from "node:fs";
import { test } from "node:test";
import { UserError } from "../../runtime/user-error";
import { eighths, golden } from "./golden-weights.fixture";
import { groupsOfLayers, namesOfKeras3, namesOfLegacyKeras } from "./keras-names";
import { readWeights } from "./read-weights";

/** The weights as Keras itself told them, without the model's name before each. */
const told = Object.entries(
  JSON.parse(fs.readFileSync(golden("keras.json"), "utf8")) as Record<
    string,
    { shape: number[]; data: number[] }
  >,
).map(([name, { shape, data }]) => [name.replace(/^net\//, ""), { shape, data }] as const);

for (const [name, format] of [
  ["keras.h5", "keras-h5"],
  ["keras.weights.h5", "keras-h5"],
  ["keras.keras", "keras"],
  ["keras-deflated.keras", "keras"],
] as const)
  test(`${name}: every weight under the name that Keras gives it, and no optimiser's`, async () => {
    const read = await readWeights(golden(name));
    assert.equal(read.format, format);
    const plain = [...read.tensors].map(
      ([key, { shape, data }]) => [key, { shape, data: [...data] }] as const,
    );
    assert.deepEqual(Object.fromEntries(plain), Object.fromEntries(told));
  });

test("HDF5: every number type, compressed ones and links within the file", async () => {
  const { tensors } = await readWeights(golden("types.h5"));
  assert.deepEqual(Object.fromEntries(tensors), {
    float16: { shape: [2], dtype: "float32", data: Float32Array.of(1, -0.5) },
    float64: { shape: [1], dtype: "float64", data: Float64Array.of(0.1) },
    big_endian: { shape: [2], dtype: "float32", data: Float32Array.of(1.5, -0.25) },
    int64: { shape: [], dtype: "int64", data: BigInt64Array.of(2n ** 40n + 3n) },
    uint8: { shape: [2], dtype: "uint8", data: Uint8Array.of(0, 255) },
    bool: { shape: [2], dtype: "bool", data: Uint8Array.of(1, 0) },
    "group/bfloat16": { shape: [2], dtype: "float32", data: Float32Array.of(1, -0.333984375) },
    "group/packed": { shape: [3, 4], dtype: "float32", data: eighths },
    again: { shape: [3, 4], dtype: "float32", data: eighths },
  });
});

for (const [name, reason] of [
  ["external-link.h5", /"\/elsewhere" is a link to another file.*not followed/],
  ["external-numbers.h5", /elsewhere" can't be read|HDF5's own library can't read it/],
  ["virtual.h5", /"\/elsewhere" is a link to another file/],
  ["circle.h5", /lead back into each other/],
  ["huge.h5", /"\/kernel" it would take 32 times the memory/],
] as const)
  test(`${name} is refused in a sentence`, async () => {
    await assert.rejects(readWeights(golden(name)), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, reason);
      return true;
    });
  });

const tensor = { shape: [], dtype: "float32" as const, data: new Float32Array(1) };
const named = (paths: string[]) => new Map(paths.map((path) => [path, tensor]));

test("names of Keras 1 and 2: of models in models, with and without the layer's name", () => {
  const paths = [
    "model_weights/inner/Conv1/kernel:0",
    "model_weights/dense/dense/bias:0",
    "model_weights/fc/kernel:0",
  ];
  const names = [...namesOfLegacyKeras(named([...paths, "other/weights:0"])).keys()];
  assert.deepEqual(names, ["Conv1/kernel", "dense/bias", "fc/kernel"]);
  assert.deepEqual([...namesOfLegacyKeras(named(["conv1/conv1_W_1:0"])).keys()], ["conv1/conv1_W_1"]);
});

test("names of early Keras 3 follow from the model's description; what a number means is told where it is sure", () => {
  const config = {
    config: {
      layers: [
        { class_name: "Conv2D", config: { name: "first" } },
        { class_name: "Conv2D", config: { name: "second" } },
        {
          class_name: "Functional",
          config: { name: "inner", layers: [{ class_name: "BatchNormalization", config: { name: "norm" } }] },
        },
      ],
    },
  };
  const norm = "layers/functional/layers/batch_normalization";
  const paths = [
    "layers/conv2d/vars/0",
    "layers/conv2d_1/vars/1",
    ...[0, 1, 2].map((i) => `${norm}/vars/${i}`),
  ];
  const groups = groupsOfLayers(config);
  assert.deepEqual(
    [...namesOfKeras3(named(paths), (group) => groups.get(group)).keys()],
    ["first/kernel", "second/bias", "norm/0", "norm/1", "norm/2"],
  );
});
