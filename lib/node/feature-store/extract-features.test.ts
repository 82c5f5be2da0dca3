import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import type { Backbone } from "../../backbones/backbone";
import { randomStream } from "../../runtime/random";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { UserError } from "../../runtime/user-error";
import { extractTokens } from "../../transfer/extract";
import { fitRegime } from "../../transfer/fit-regime";
import { gatherGrids } from "../../transfer/tokens";
import { loadEfficientNetLite0 } from "../load-efficientnet-lite0";
import { cacheContents, removeFromCache } from "./cache-contents";
import { type DigestedSource, extractFeatures } from "./extract-features";

const cut = "stage6";
const top = fs.mkdtempSync(path.join(os.tmpdir(), "extract-features-"));
const folder = path.join(top, "features");
let backbone: Backbone;
before(async () => {
  backbone = await loadEfficientNetLite0();
});
after(() => {
  backbone.dispose();
  fs.rmSync(top, { recursive: true });
});

/** Noise by name, which counts how often it is asked for; it fails at `failAt`. */
function noise(names: readonly string[], failAt?: string): DigestedSource & { loads: string[] } {
  const loads: string[] = [];
  return {
    count: names.length,
    digest: names.join(),
    digests: names,
    loads,
    async load(index) {
      const name = names[index]!;
      if (name === failAt) throw new UserError(`${name} vanished.`);
      loads.push(name);
      const stream = randomStream(1, name);
      const block = Uint8Array.from({ length: 4096 }, () => stream.integer(256));
      const data = Uint8Array.from({ length: 224 * 224 * 3 }, (_, i) => block[i % 4096]!);
      return { width: 224, height: 224, channels: 3, data };
    },
  };
}

const names = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `noise ${from + i}`);
const shards = () => {
  const [origin] = fs.readdirSync(folder);
  const inside = path.join(folder, origin!);
  return fs
    .readdirSync(inside)
    .filter((name) => name.endsWith(".safetensors"))
    .map((name) => path.join(inside, name));
};

test("killed half-way it goes on where it was; what comes back equals what is computed at once, in any order", async () => {
  await assert.rejects(
    extractFeatures(backbone, cut, noise(names(40), "noise 35"), { folder }),
    /noise 35 vanished/,
  );
  assert.equal(shards().length, 1, "the first batch is kept");
  const source = noise(names(40));
  const seen: number[] = [];
  const tokens = await assertNoTensorLeak(() =>
    extractFeatures(backbone, cut, source, { folder, onProgress: (done) => seen.push(done) }),
  );
  assert.deepEqual(source.loads, names(8, 32), "only the rest is loaded");
  assert.deepEqual(seen, [32, 40]);
  const whole = await extractTokens(backbone, cut, noise(names(40)));
  const size = whole.rows * whole.columns * whole.channels;
  const read = tokens.read([39, 0, 17]);
  [39, 0, 17].forEach((item, i) => {
    const expected = whole.data.subarray(item * size, (item + 1) * size);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const apart = expected.reduce(
      (most, value, j) => Math.max(most, Math.abs(value - read[i * size + j]!)),
      0,
    );
    assert.ok(apart <= 1e-5 * largest, `${item}: ${apart} of ${largest}`);
  });
  const grids = gatherGrids(tokens, [3, 5]);
  assert.deepEqual(grids.shape, [2, whole.rows, whole.columns, whole.channels]);
  assert.deepEqual(grids.dataSync(), tokens.read([3, 5]));
  grids.dispose();
});

test("an image's features don't depend on how many came along, and a set that grew computes what is new", async () => {
  const alone = await extractFeatures(backbone, cut, noise(["noise 33"]), {
    folder: path.join(top, "alone"),
  });
  const grown = noise([...names(2), "new", "noise 33"]);
  const tokens = await extractFeatures(backbone, cut, grown, { folder });
  assert.deepEqual(grown.loads, ["new"]);
  assert.deepEqual(alone.read([0]), tokens.read([3]));
});

test("a damaged file is noticed by another process and its images are computed again, to the same digits", async () => {
  const [file] = shards();
  const before = fs.readFileSync(file!);
  const damaged = Buffer.from(before);
  damaged[damaged.length - 5]! ^= 1;
  // Under a new name, as this process has looked at the other.
  const place = path.join(top, "damaged", path.basename(path.dirname(file!)));
  fs.mkdirSync(place, { recursive: true });
  fs.writeFileSync(path.join(place, path.basename(file!)), damaged);
  const messages: string[] = [];
  const source = noise(names(32));
  const options = { folder: path.dirname(place), onDamaged: (message: string) => messages.push(message) };
  await extractFeatures(backbone, cut, source, options);
  assert.match(messages.join(), /is damaged; its features are computed again/);
  assert.equal(source.loads.length, 32);
  assert.deepEqual(fs.readFileSync(path.join(place, path.basename(file!))), before);
});

test("training on tokens that lie on disk gives the digits of tokens in memory", async () => {
  const stored = await extractFeatures(backbone, cut, noise(names(24)), { folder });
  const data = stored.read(Array.from({ length: 24 }, (_, i) => i));
  const { rows, columns, channels, count } = stored;
  const labels = Int32Array.from({ length: 24 }, (_, i) => i % 2);
  const plan = { epochs: 2, batchSize: 8, headLearningRate: 1e-3 };
  const regime = { name: "probe", frozenUpTo: cut, pooledAt: cut, plan };
  for (const pooling of ["mean", "attention"] as const) {
    const histories = [];
    for (const tokens of [stored, { data, count, rows, columns, channels }]) {
      const set = { tokens, labels };
      const options = { backbone, regime, pooling, classes: 2, training: set, validation: set, seed: 1 };
      const { model, history } = await fitRegime(options);
      histories.push(history);
      model.dispose();
    }
    assert.deepEqual(histories[0], histories[1], pooling);
  }
});

test("the cache is listed by what made it, and pruned entry by entry; features that were removed are missed in a sentence", async () => {
  const tokens = await extractFeatures(backbone, cut, noise(names(4)), { folder });
  fs.mkdirSync(path.join(top, "runs"), { recursive: true });
  fs.writeFileSync(path.join(top, "runs", "one.json"), "{}");
  const entries = cacheContents(top);
  const features = entries.find(({ isFeatures }) => isFeatures)!;
  assert.equal(features.what, "features of EfficientNet-Lite0 at stage6");
  assert.equal(features.name, `features/${fs.readdirSync(folder)[0]}`);
  assert.ok(features.bytes > 41 * 7 * 7 * 192 * 4 && Date.now() - features.usedAt < 60_000);
  assert.equal(entries.find(({ name }) => name === "runs")!.isFeatures, false);
  await removeFromCache(features);
  assert.ok(!cacheContents(top).some(({ name }) => name === features.name));
  assert.throws(
    () => tokens.read([0]),
    (error) => error instanceof UserError && /removed while they were in use/.test(error.message),
  );
});

test("in half precision features take half of the disk, and come back rounded to three digits", async () => {
  const place = path.join(top, "precision");
  const [single, half] = [
    await extractFeatures(backbone, cut, noise(names(3)), { folder: path.join(place, "features") }),
    await extractFeatures(backbone, cut, noise(names(3)), {
      folder: path.join(place, "features"),
      half: true,
    }),
  ].map((tokens) => tokens.read([2, 0]));
  const [most, least] = cacheContents(place).map(({ bytes }) => bytes);
  assert.ok(least! / most! > 0.49 && least! / most! < 0.53, `${least} of ${most} bytes`);
  single!.forEach((value, i) => {
    const apart = Math.abs(half![i]! - value);
    assert.ok(apart <= Math.max(Math.abs(value) * 2 ** -11, 2 ** -25), `${value} became ${half![i]}`);
  });
});

test("a source without a digest for each image is refused", async () => {
  const source = { ...noise(names(3)), digests: ["a"] };
  await assert.rejects(extractFeatures(backbone, cut, source, { folder }), /a digest for each, not 1/);
});
