import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import type { Backbone } from "../../backbones/backbone";
import { UserError } from "../../runtime/user-error";
import { dataFolder } from "../files";
import { loadEfficientNetLite0 } from "../load-efficientnet-lite0";
import { labelledFolder } from "./labelled-folder";
import { loadPhotographModel, savePhotographModel } from "./photograph-model-files";
import type { OwnTransferOptions } from "./prepare";
import { type PhotographTransfer, transfer } from "./transfer";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "own-transfer-"));
const set = labelledFolder(path.join(dataFolder(), "photographs-by-class"));
// Early features are the quickest to train on.
const quick = { regimes: ["probe"], poolings: ["mean", "attention"], cut: "stage6" } as const;
let backbone: Backbone;
let first: PhotographTransfer;
const run = (options: OwnTransferOptions = {}) => transfer(set, { backbone, ...quick, folder, ...options });
const records = () =>
  fs.readdirSync(path.join(folder, "runs")).filter((name) => /\.(json|safetensors)$/.test(name));
const accuracies = ({ lines }: PhotographTransfer) => lines.map(({ accuracy }) => accuracy);

before(async () => {
  backbone = await loadEfficientNetLite0();
  first = await run();
});
after(() => {
  first.dispose();
  fs.rmSync(folder, { recursive: true });
});

test("fish, monuments, palaces and windmills are told apart far better than by chance, and the intervals say how few were tested", () => {
  assert.equal(first.tested.length, 14);
  for (const { accuracy, line } of first.lines) {
    assert.ok(accuracy.mean > 0.6, `${line.name}: ${accuracy.mean}`);
    assert.ok(accuracy.upper - accuracy.lower > 0.1, "fourteen photographs decide little");
  }
  assert.equal(first.chosen.line.pooling, "attention", "the mean has no map to show");
  const [comparison] = first.comparisons;
  assert.deepEqual([comparison!.first, comparison!.second], ["probe, attention", "probe, mean"]);
  assert.ok(comparison!.smallestDetectable === undefined || comparison!.smallestDetectable > 0.05);
});

test("started again it trains nothing that is on record, and a trial that was lost comes back to the same digits", async () => {
  const kept = records();
  const times = () => kept.map((name) => fs.statSync(path.join(folder, "runs", name)).mtimeMs);
  const before = times();
  const again = await run();
  assert.deepEqual(accuracies(again), accuracies(first));
  assert.deepEqual(times(), before);
  again.dispose();
  fs.writeFileSync(path.join(folder, "runs", kept.find((name) => name.endsWith(".json"))!), '{"config": tor');
  const mended = await run();
  assert.deepEqual(
    mended.lines.map(({ trials }) => trials),
    first.lines.map(({ trials }) => trials),
  );
  assert.deepEqual(
    mended.lines.map(({ given }) => given),
    first.lines.map(({ given }) => given),
  );
  mended.dispose();
});

test("a saved model answers as it did: probabilities sum to one, and the map lies on the grid of its crop", async () => {
  const place = path.join(folder, "saved");
  await savePhotographModel(first.model, place);
  const loaded = await loadPhotographModel(place, backbone);
  const windmill = path.join(set.folder, "windmill", "kinderdijk.webp");
  const [one, other] = [await first.model.predict(windmill), await loaded.predict(windmill)];
  assert.deepEqual(other, one);
  assert.equal(one.label, "windmill");
  assert.equal(one.noneOfThese, false);
  assert.ok(Math.abs(one.probabilities.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-9);
  const { map, crop, width, height } = one;
  assert.equal(map!.map.length, map!.rows * map!.columns);
  assert.deepEqual([crop.width, crop.height], [crop.width, crop.width]);
  assert.ok(crop.left >= 0 && crop.left + crop.width <= width && crop.top + crop.height <= height);
  loaded.dispose();
});

test("photographs of other things are refused more often than one's own, which are refused as often as the rule says", async () => {
  const others = path.join(dataFolder(), "photographs");
  const files = fs.readdirSync(others).filter((name) => name.endsWith(".jpg") && name !== "castle.jpg");
  let refused = 0;
  for (const file of files)
    refused += Number((await first.model.predict(path.join(others, file))).noneOfThese);
  const own = first.chosen.refused / first.tested.length;
  assert.ok(own < 0.3, `${own} of its own`);
  assert.ok(refused / files.length > own + 0.2, `${refused} of ${files.length} others`);
});

test("what can't be trained is refused in a sentence", async () => {
  const refused = (options: object, words: RegExp) =>
    assert.rejects(
      run(options as OwnTransferOptions),
      (error) => error instanceof UserError && words.test(error.message),
    );
  await refused({ poolings: ["median"] }, /no pooling "median"/);
  await refused({ regimes: ["whole"] }, /no regime "whole"/);
  await refused({ cut: "stage9" }, /stage9/);
  await refused({ regimes: ["last stage"], cut: "head" }, /nothing left to train/);
  await assert.rejects(loadPhotographModel(os.tmpdir(), backbone), /no model\.safetensors/);
});
