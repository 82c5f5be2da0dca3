import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { topLabels } from "../node/imagenet-labels";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import type { Backbone } from "./backbone";
import {
  assertAgrees,
  readGolden,
  readPixels,
  relativeDifference,
} from "./golden-efficientnet-lite0.fixture";

const golden = readGolden();
const names = golden.photographs.map(({ file }) => path.basename(file, ".jpg"));
let backbone: Backbone;
let input: tf.Tensor4D;

before(async () => {
  await startTensorFlow();
  backbone = await loadEfficientNetLite0();
  const pixels = await readPixels(golden.photographs);
  input = backbone.preprocess(pixels);
  pixels.dispose();
});
after(() => {
  backbone.dispose();
  input.dispose();
});

test("logits of twelve photographs agree with PyTorch's to 1e-4", async () => {
  const logits = backbone.run(input, "input", "logits");
  const rows = (await logits.array()) as number[][];
  logits.dispose();
  assert.equal(rows.length, 12);
  for (const [i, { logits: expected }] of golden.photographs.entries()) {
    const difference = relativeDifference(rows[i] as number[], expected);
    assert.ok(difference <= 1e-4, `${names[i]}: ${difference}`);
  }
});

test("activations at every cut point agree with PyTorch's to 1e-4, run in one go or from cut to cut", async () => {
  let place = "input";
  let x = input;
  for (const cut of backbone.cutPoints) {
    const y = backbone.run(x, place, cut.name) as tf.Tensor4D;
    assert.deepEqual(y.shape, [12, cut.rows, cut.columns, cut.channels]);
    for (const [i, { activations }] of golden.photographs.entries()) {
      const values = await tf.tidy(() => y.slice([i], [1])).data();
      assertAgrees(values, activations[cut.name] as never, 1e-4, `${names[i]} at ${cut.name}`);
    }
    if (x !== input) x.dispose();
    [place, x] = [cut.name, y];
  }
  const inParts = backbone.run(x, place, "logits");
  const atOnce = backbone.run(input, "input", "logits");
  assert.deepEqual(await inParts.data(), await atOnce.data());
  tf.dispose([x, inParts, atOnce]);
});

test("the first label of a photograph is what it shows, where ImageNet has a name for it", async () => {
  const shows: Record<string, string> = {
    baseball: "baseball",
    bison: "bison",
    castle: "castle",
    "german-shepherd": "German Shepherd Dog",
    "giant-panda": "giant panda",
    hen: "hen",
    jaguar: "jaguar",
    koala: "koala",
    "komodo-dragon": "Komodo dragon",
    lemur: "ring-tailed lemur",
    "scarlet-macaw": "macaw",
  };
  const logits = backbone.run(input, "input", "logits");
  const rows = (await logits.array()) as number[][];
  logits.dispose();
  const first = Object.fromEntries(names.map((name, i) => [name, topLabels(rows[i] as number[])[0]?.label]));
  const { giraffe, ...named } = first;
  assert.deepEqual(named, shows);
  // There is no giraffe in ImageNet; spots are what the network knows of it.
  assert.ok(["cheetah", "leopard", "jaguar"].includes(giraffe ?? ""), giraffe);
});

test("running leaves no tensor behind, and disposing frees everything that loading made", async () => {
  await assertNoTensorLeak(() => backbone.run(input, "input", "stage3").dispose());
  await assertNoTensorLeak(async () => (await loadEfficientNetLite0()).dispose());
});

test("a backbone that is loaded inside a scope outlives it", async () => {
  tf.engine().startScope();
  const scoped = await loadEfficientNetLite0();
  tf.engine().endScope();
  const one = tf.tidy(() => scoped.run(input.slice([0], [1]), "input", "stage1"));
  assert.deepEqual(one.shape, [1, 112, 112, 16]);
  one.dispose();
  scoped.dispose();
});

test("the digest is the same at every loading and is not the file's alone", async () => {
  const again = await loadEfficientNetLite0();
  assert.equal(again.digest, backbone.digest);
  assert.notEqual(again.digest, golden.weights);
  assert.match(again.digest, /^[0-9a-f]{64}$/);
  again.dispose();
});

test("mistakes are told by name", () => {
  const run = (shape: [number, number, number, number], from: string, to: string) => () =>
    tf.tidy(() => backbone.run(tf.zeros(shape), from, to));
  assert.throws(run([1, 7, 7, 192], "stage9", "head"), named(/no cut point "stage9".*stem, stage1/));
  assert.throws(run([1, 7, 7, 192], "stage6", "stem"), named(/backwards, from stage6 to stem/));
  assert.throws(run([1, 7, 7, 100], "stage6", "head"), named(/takes \[batch, 7, 7, 192\] at stage6.*100/));
  assert.throws(run([1, 200, 224, 3], "input", "head"), named(/\[batch, 224, 224, 3\]/));
  assert.throws(() => backbone.trainableStage("head", "stage6"), named(/nothing to train/));
  assert.throws(() => tf.tidy(() => backbone.preprocess(tf.zeros([1, 10, 10, 3]))), named(/takes \[batch/));
});

test("a missing, damaged or foreign weights file is told by its name", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "weights-"));
  const file = path.join(folder, "efficientnet-lite0-57934424.pth");
  await assert.rejects(loadEfficientNetLite0(file), named(/57934424\.pth does not exist.*npm run setup/));
  fs.writeFileSync(file, "not these weights");
  await assert.rejects(
    loadEfficientNetLite0(file),
    named(/57934424\.pth.*not written by torch\.save.*npm run setup/),
  );
  fs.rmSync(folder, { recursive: true });
});

function named(message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof UserError && message.test(error.message);
}
