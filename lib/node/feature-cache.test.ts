import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import type { Backbone } from "../backbones/backbone";
import type { Scene } from "../datasets/cutouts/render";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { extractTokens, type ImageSource } from "../transfer/extract";
import { fewScenes, sourceOf } from "../transfer/few-scenes.fixture";
import type { InputSource } from "../transfer/input-source";
import { drawSeries, type Series, seriesBackbone, sourceOfSeries } from "../transfer/series.fixture";
import { encodeSafetensors } from "../weights/safetensors";
import { readImage } from "./decode-image";
import { cachedTokens } from "./feature-cache";
import { dataFolder } from "./files";
import { loadEfficientNetLite0 } from "./load-efficientnet-lite0";
import { startTensorFlow } from "./start-tensorflow";

const CUT = "stage5";
const top = fs.mkdtempSync(path.join(os.tmpdir(), "feature-cache-test-"));
let folder: string;
let backbone: Backbone;
let scenes: Scene[];
before(async () => {
  await startTensorFlow();
  backbone = await loadEfficientNetLite0();
  scenes = await fewScenes("train", 3);
});
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(top, "features-"));
});
after(() => {
  backbone.dispose();
  fs.rmSync(top, { recursive: true });
});

/** A source whose images are counted as they are loaded. */
function counted(digest?: string): ImageSource & { loads: number } {
  const source = sourceOf(scenes, digest);
  return {
    ...source,
    loads: 0,
    load(index) {
      this.loads++;
      return source.load(index);
    },
  };
}

function onlyFile(): string {
  const [name, ...others] = fs.readdirSync(folder);
  assert.deepEqual(others, []);
  return path.join(folder, name!);
}

test("what comes from disk equals what was computed, and no image is loaded for it", async () => {
  const source = counted();
  const fresh = await assertNoTensorLeak(() => cachedTokens(backbone, CUT, source, { folder }));
  assert.deepEqual(fresh, await extractTokens(backbone, CUT, sourceOf(scenes)));
  assert.equal(source.loads, 3);
  const progress: number[] = [];
  const onDamaged = (message: string) => assert.fail(message);
  const options = { folder, onDamaged, onProgress: (done: number) => progress.push(done) };
  assert.deepEqual(await cachedTokens(backbone, CUT, source, options), fresh);
  assert.equal(source.loads, 3);
  assert.deepEqual(progress, []);
});

test("a file that is cut short or has one bit flipped, anywhere, is reported and made again", async () => {
  const fresh = await cachedTokens(backbone, CUT, counted(), { folder });
  const file = onlyFile();
  const whole = fs.readFileSync(file);
  const header = whole.indexOf("tokens");
  const damages: [string, () => void][] = [
    ["emptied", () => fs.truncateSync(file, 0)],
    ["cut in its header", () => fs.truncateSync(file, 40)],
    ["cut in its numbers", () => fs.truncateSync(file, whole.length - 4)],
    ...[0, header, whole.indexOf("[3,") + 1, whole.length >> 1, whole.length - 1].map(
      (at): [string, () => void] => [
        `a bit flipped at byte ${at}`,
        () =>
          fs.writeFileSync(
            file,
            whole.map((byte, i) => (i === at ? byte ^ 1 : byte)),
          ),
      ],
    ),
  ];
  for (const [what, damage] of damages) {
    damage();
    const source = counted();
    const notes: string[] = [];
    const options = { folder, onDamaged: (note: string) => notes.push(note) };
    assert.deepEqual(await cachedTokens(backbone, CUT, source, options), fresh, what);
    assert.equal(source.loads, 3, what);
    assert.equal(notes.length, 1, what);
    assert.ok(notes[0]!.includes(onlyFile()), notes[0]);
    assert.deepEqual(fs.readFileSync(file), whole, what);
  }
});

test("other images, another cut point or another backbone make another file", async () => {
  await cachedTokens(backbone, CUT, counted(), { folder });
  await cachedTokens(backbone, CUT, counted("other images"), { folder });
  await cachedTokens(backbone, "stage4", counted(), { folder });
  const sameWithOtherDigest = Object.create(backbone, { digest: { value: "other weights" } }) as Backbone;
  await cachedTokens(sameWithOtherDigest, CUT, counted(), { folder });
  assert.equal(fs.readdirSync(folder).length, 4);
});

test("a broken photograph is named, and leaves neither a file nor a tensor", async () => {
  const whole = fs.readFileSync(path.join(dataFolder(), "photographs", "koala.jpg"));
  const broken = path.join(top, "broken.jpg");
  fs.writeFileSync(broken, whole.subarray(0, whole.length / 3));
  const load = (index: number) => (index === 2 ? readImage(broken, 3) : sourceOf(scenes).load(index));
  await assertNoTensorLeak(() =>
    assert.rejects(
      cachedTokens(backbone, CUT, { count: 3, digest: "broken", load }, { folder }),
      (error) => error instanceof UserError && error.message.includes("broken.jpg"),
    ),
  );
  assert.deepEqual(fs.readdirSync(folder), []);
});

test("a folder that can't be written is refused before anything is computed", async () => {
  const file = path.join(top, "no folder");
  fs.writeFileSync(file, "");
  const source = counted();
  await assert.rejects(
    cachedTokens(backbone, CUT, source, { folder: file }),
    (error) => error instanceof UserError && /no folder.* is a file, not a folder/.test(error.message),
  );
  assert.equal(source.loads, 0);
});

test("tokens that can't be written in the end are returned, and it is told that they are not kept", async () => {
  const notes: string[] = [];
  const tokens = await cachedTokens(backbone, CUT, counted(), {
    folder,
    // While it computes, the folder's place is taken by a file.
    onProgress: () => {
      fs.rmSync(folder, { recursive: true });
      fs.writeFileSync(folder, "");
    },
    onNotKept: (message) => notes.push(message),
  });
  assert.deepEqual(tokens, await extractTokens(backbone, CUT, sourceOf(scenes)));
  assert.equal(notes.length, 1);
  assert.match(notes[0]!, /computed, but are not kept.*could not be written/);
});

test("a kept set of another shape, or without a digest, is made again", async () => {
  const fresh = await cachedTokens(backbone, CUT, counted(), { folder });
  const file = onlyFile();
  const { count, rows, columns, channels, data } = fresh;
  const other = { tokens: { shape: [count, columns * rows, channels], data } };
  fs.writeFileSync(file, encodeSafetensors(other));
  const notes: string[] = [];
  const options = { folder, onDamaged: (note: string) => notes.push(note) };
  assert.deepEqual(await cachedTokens(backbone, CUT, counted(), options), fresh);
  assert.equal(notes.length, 1);
  const whole = fs.readFileSync(file);
  const undigested = Buffer.from(whole.toString("latin1").replace("sha256_of", "sha256-of"), "latin1");
  fs.writeFileSync(file, undigested);
  assert.deepEqual(await cachedTokens(backbone, CUT, counted(), options), fresh);
  assert.equal(notes.length, 1);
  assert.deepEqual(fs.readFileSync(file), whole);
});

test("series come from disk with the grid and the lengths that they were kept with", async () => {
  const network = seriesBackbone();
  const { series } = drawSeries(9, "cache");
  const fresh = await cachedTokens(network, "late", sourceOfSeries(series), { folder });
  const refused: InputSource<Series> = {
    ...sourceOfSeries(series),
    load: async () => assert.fail("computed again"),
  };
  assert.deepEqual(await cachedTokens(network, "late", refused, { folder }), fresh);
  assert.equal(fresh.lengths!.length, 9);
  network.dispose();
});

test("a source or a backbone without a digest is refused: another's features would be taken for its own", async () => {
  const without = { ...sourceOf(scenes), digest: undefined as unknown as string };
  const message = (error: unknown) => error instanceof UserError && /has no digest/.test(error.message);
  await assert.rejects(cachedTokens(backbone, CUT, without, { folder }), message);
  await assert.rejects(cachedTokens({ ...backbone, digest: "" }, CUT, counted(), { folder }), message);
  assert.deepEqual(fs.readdirSync(folder), []);
});
