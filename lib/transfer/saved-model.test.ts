import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import type { Backbone } from "../backbones/backbone";
import { startTensorFlow } from "../node/start-tensorflow";
import { loadTransferModel, saveTransferModel } from "../node/transfer-model-file";
import { randomStream } from "../runtime/random";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { sourceOfBytes } from "../weights/byte-source";
import { encodeSafetensors, readSafetensorsFrom } from "../weights/safetensors";
import { evaluate } from "./evaluate";
import { fitRegime } from "./fit-regime";
import type { LabelledTokens } from "./labelled-tokens";
import { TransferModel } from "./model";
import { type PoolingName, poolingNames } from "./pooling-choice";
import { loadModel, saveModel } from "./saved-model";
import { gatherGrids } from "./tokens";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "saved-model-test-"));
before(() => startTensorFlow());
after(() => fs.rmSync(folder, { recursive: true }));

/** A backbone of nothing: its grids are its inputs. */
const backbone: Backbone = {
  name: "Nothing",
  inputSize: 2,
  digest: "0123456789abcdef",
  cutPoints: [{ name: "only", stride: 1, rows: 2, columns: 2, channels: 8 }],
  preprocess: (x) => x,
  run: (x) => x.clone(),
  trainableStage() {
    throw new Error("there is none");
  },
  dispose() {},
};

const stream = randomStream(0, "saved model test");
const set: LabelledTokens = {
  tokens: {
    data: Float32Array.from({ length: 20 * 4 * 8 }, () => Math.abs(stream.normal())),
    count: 20,
    rows: 2,
    columns: 2,
    channels: 8,
  },
  labels: Int32Array.from({ length: 20 }, (_, i) => i % 3),
  givenWeights: Float32Array.from({ length: 20 * 4 }, () => stream.uniform()),
};

const fit = async (pooling: PoolingName) =>
  (
    await fitRegime({
      backbone,
      regime: {
        name: "only",
        frozenUpTo: "only",
        pooledAt: "only",
        plan: { epochs: 3, batchSize: 8, headLearningRate: 0.05 },
      },
      pooling,
      classes: ["cat", "dog", "fox"],
      training: set,
      validation: set,
      seed: 1,
    })
  ).model;

for (const pooling of poolingNames) {
  test(`a model with ${pooling} pooling comes back from its file: equal answers to the last bit`, async () => {
    const model = await fit(pooling);
    const file = path.join(folder, `${pooling}.safetensors`);
    await saveTransferModel(model, file);
    await assertNoTensorLeak(async () => {
      const loaded = await loadTransferModel(file, backbone);
      assert.deepEqual(await evaluate(loaded, set), await evaluate(model, set));
      assert.deepEqual(loaded.classNames, ["cat", "dog", "fox"]);
      assert.deepEqual(loaded.origin, model.origin);
      assert.deepEqual([loaded.poolingName, loaded.classes, loaded.channels], [pooling, 3, 8]);
      loaded.dispose();
    });
    assert.deepEqual(
      fs.readdirSync(folder).filter((name) => name.endsWith(".part")),
      [],
    );
    model.dispose();
  });
}

test("a model of other sizes than usual, made by hand, says where it comes from and comes back", async () => {
  const origin = (await fit("attention")).origin!;
  const options = { pooling: "attention", channels: 8, classes: 3, attentionUnits: 5, stream } as const;
  const model = new TransferModel({ ...options, origin });
  const file = path.join(folder, "by-hand.safetensors");
  await saveTransferModel(model, file);
  const loaded = await loadTransferModel(file, backbone);
  assert.equal(loaded.attentionUnits, 5);
  assert.deepEqual(await evaluate(loaded, set), await evaluate(model, set));
  loaded.dispose();
  model.dispose();
  await assert.rejects(
    saveTransferModel(new TransferModel(options), file),
    (error) => error instanceof UserError && /which backbone and regime/.test(error.message),
  );
});

test("another backbone, a damaged file, another version and missing numbers are refused by name, and leave nothing", async () => {
  const model = await fit("attention");
  const file = path.join(folder, "model.safetensors");
  await saveTransferModel(model, file);
  const bytes = new Uint8Array(fs.readFileSync(file));
  const { tensors, metadata } = readSafetensorsFrom(file, sourceOfBytes(bytes));
  const floats = tensors as Record<string, { shape: number[]; data: Float32Array }>;
  const { "classifier/bias": bias, ...fewer } = floats;
  const other = path.join(folder, "other.safetensors");
  const flipped = bytes.slice();
  flipped[flipped.length - 3]! ^= 1;
  const text = Buffer.from(bytes).indexOf('\\"attentionUnits\\":128');
  const renamed = bytes.slice();
  renamed[text + 20] = "9".charCodeAt(0);
  assert.ok(text > 0);
  const refused: [Uint8Array, Backbone, RegExp][] = [
    [
      bytes,
      { ...backbone, digest: "fedcba" },
      /fitted on Nothing \(digest 0123456789ab\).*Nothing \(digest fedcba\)/,
    ],
    [bytes, { ...backbone, name: "Something" }, /fitted on Nothing .* from Something/],
    [bytes, { ...backbone, inputSize: 3 }, /inputs prepared as/],
    [flipped, backbone, /damaged/],
    [renamed, backbone, /damaged/],
    [bytes.subarray(0, bytes.length - 1), backbone, /damaged, cut short/],
    [new Uint8Array(0), backbone, /damaged, cut short/],
    [encodeSafetensors(floats), backbone, /no saved model/],
    [
      encodeSafetensors(floats, { ...metadata, format_version: "2" }),
      backbone,
      /version 2 .* reads version 1/,
    ],
    [
      encodeSafetensors(fewer, metadata),
      backbone,
      /"classifier\/bias" should be float32 \[3\] and is missing/,
    ],
    [encodeSafetensors({ ...floats, strange: bias! }, metadata), backbone, /holds a tensor "strange"/],
    [
      encodeSafetensors({ ...floats, "classifier/bias": { shape: [1, 3], data: bias!.data } }, metadata),
      backbone,
      /"classifier\/bias" should be float32 \[3\] and is float32 \[1, 3\]/,
    ],
  ];
  for (const [content, given, message] of refused) {
    fs.writeFileSync(other, content);
    await assertNoTensorLeak(() =>
      assert.rejects(
        loadTransferModel(other, given),
        (error) =>
          error instanceof UserError &&
          message.test(error.message) &&
          error.message.includes("other.safetensors"),
        String(message),
      ),
    );
  }
  await assert.rejects(
    loadTransferModel(path.join(folder, "nowhere"), backbone),
    (error) =>
      error instanceof UserError && /The saved model .*nowhere does not exist\. /.test(error.message),
  );
  model.dispose();
});

test("a description that was changed, a model that was disposed and names that are none are refused by name", async () => {
  const model = await fit("attention");
  const { tensors, metadata } = readSafetensorsFrom("saved", sourceOfBytes(await saveModel(model)));
  const load = (text: string | undefined) =>
    loadModel(
      encodeSafetensors(tensors, { ...metadata, ...(text !== undefined && { model: text }) }),
      backbone,
    );
  const described = JSON.parse(metadata.model!);
  const paths = [
    ["pooling"],
    ["channels"],
    ["classes"],
    ["attentionUnits"],
    ["origin"],
    ["origin", "backbone"],
  ];
  for (const key of ["name", "digest", "preprocessing"]) paths.push(["origin", "backbone", key]);
  for (const key of ["frozenUpTo", "pooledAt"]) paths.push(["origin", "regime", key]);
  const refused = (action: () => unknown, pattern: RegExp) =>
    assert.throws(
      action,
      (error) => error instanceof UserError && pattern.test(error.message),
      String(pattern),
    );
  const changed = (keys: string[], value: unknown) => {
    const copy = structuredClone(described);
    const holder = keys.slice(0, -1).reduce((at, key) => at[key], copy);
    holder[keys.at(-1)!] = value;
    return JSON.stringify(copy);
  };
  await assertNoTensorLeak(() => {
    for (const keys of [...paths, ["origin", "regime"]])
      for (const value of [undefined, null, -1, 1.5, "", [], {}, true])
        if (!(keys.at(-1) === "preprocessing" && JSON.stringify(value) === "{}"))
          refused(() => load(changed(keys, value)), /./);
    for (const text of ["", "{", "null", "3", "[]"]) refused(() => load(text), /its description/);
    refused(() => load(changed(["classNames"], "abc")), /`classNames` in its description should be a list/);
    refused(() => load(changed(["classNames"], ["a", "é", "e\u0301"])), /Two classes have the name "é"/);
    refused(() => load(changed(["classNames"], ["a", "", "b"])), /name of class 1, counted from 0, is ""/);
    refused(() => load(changed(["stageChannels"], 0)), /`stageChannels`/);
    refused(() => load(changed(["stageStrides"], [0])), /`stageStrides`/);
    refused(() => load(changed(["origin", "regime", "pooledAt"], "other")), /no cut point "other"/);
  });
  model.dispose();
  const grids = gatherGrids(set.tokens, [0]);
  refused(() => model.predict(grids), /This model was disposed/);
  grids.dispose();
  for (const use of [() => evaluate(model, set), () => saveModel(model)])
    await assert.rejects(use, (error) => error instanceof UserError && /disposed/.test(error.message));
});
