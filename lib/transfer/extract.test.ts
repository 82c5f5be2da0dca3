import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../backbones/backbone";
import type { Scene } from "../datasets/cutouts/render";
import type { PixelImage } from "../images/pixel-image";
import { readImage } from "../node/decode-image";
import { dataFolder } from "../node/files";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { extractTokens, type ImageSource } from "./extract";
import { fewScenes, sourceOf } from "./few-scenes.fixture";
import { gatherGrids } from "./tokens";

// One more than a batch: the last image comes alone, and two batches are on their way at once.
const COUNT = 33;
const CUT = "stage2";
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "extract-test-"));
let backbone: Backbone;
let scenes: Scene[];
before(async () => {
  await startTensorFlow();
  backbone = await loadEfficientNetLite0();
  scenes = await fewScenes("train", COUNT);
});
after(() => {
  backbone.dispose();
  fs.rmSync(folder, { recursive: true });
});

const isUserError = (pattern: RegExp) => (error: unknown) =>
  error instanceof UserError && pattern.test(error.message);

/** The scenes, with what `exceptAt` gives in the place of some. */
function sourceExcept(exceptAt: Record<number, () => Promise<PixelImage>>): ImageSource {
  return { ...sourceOf(scenes), load: (index) => exceptAt[index]?.() ?? sourceOf(scenes).load(index) };
}

test("tokens are the backbone's activations, image by image, and progress ends at the last", async () => {
  const seen: [number, number][] = [];
  const tokens = await assertNoTensorLeak(() =>
    extractTokens(backbone, CUT, sourceOf(scenes), (done, total) => seen.push([done, total])),
  );
  assert.deepEqual(seen, [
    [32, COUNT],
    [COUNT, COUNT],
  ]);
  assert.deepEqual([tokens.count, tokens.rows, tokens.columns, tokens.channels], [COUNT, 56, 56, 24]);
  for (const index of [0, 31, 32]) {
    const alone = tf.tidy(() => {
      const { data } = scenes[index]!.image;
      const pixels = tf.tensor4d(Float32Array.from(data), [1, 224, 224, 3]);
      return backbone.run(backbone.preprocess(pixels), "input", CUT);
    });
    const gathered = gatherGrids(tokens, [index]);
    assert.deepEqual(gathered.shape, alone.shape);
    const difference = tf.tidy(() => alone.sub(gathered).abs().max().div(alone.abs().max()).dataSync()[0]!);
    assert.ok(difference < 1e-5, `image ${index} differs by ${difference}`);
    tf.dispose([alone, gathered]);
  }
});

test("a truncated photograph ends in one sentence with its name, in the first batch and in a later one", async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", listen);
  const whole = fs.readFileSync(path.join(dataFolder(), "photographs", "hen.jpg"));
  const truncated = path.join(folder, "truncated.jpg");
  fs.writeFileSync(truncated, whole.subarray(0, whole.length / 2));
  const reads: Promise<PixelImage>[] = [];
  const broken = () => {
    reads.push(readImage(truncated, 3));
    return reads.at(-1)!;
  };
  await assertNoTensorLeak(async () => {
    const small = async () => ({ width: 9, height: 9, channels: 3, data: new Uint8Array(243) }) as const;
    for (const indices of [[1, 5], [32]]) {
      const exceptAt = Object.fromEntries(indices.map((index) => [index, broken]));
      await assert.rejects(
        extractTokens(backbone, CUT, sourceExcept(exceptAt)),
        isUserError(/truncated\.jpg could not be decoded/),
      );
    }
    // Also in a batch that nobody waits for any more, because the one before it has failed.
    await assert.rejects(
      extractTokens(backbone, CUT, sourceExcept({ 2: small, 32: broken })),
      isUserError(/Image 2, counted from 0, has 9×9 pixels/),
    );
  });
  await Promise.allSettled(reads);
  await nextTurn();
  process.off("unhandledRejection", listen);
  assert.deepEqual(unhandled, []);
});

test("a source that throws instead of rejecting is told apart from nothing", async () => {
  const throws = () => {
    throw new UserError("the archive of image 32 is gone");
  };
  await assert.rejects(
    extractTokens(backbone, CUT, sourceExcept({ 32: throws })),
    isUserError(/archive of image 32/),
  );
});

test("images of another size or with opacity are refused by their number, before anything is computed", async () => {
  const opaque = await readImage(path.join(dataFolder(), "photographs", "hen.jpg"), 4);
  await assertNoTensorLeak(() =>
    assert.rejects(
      extractTokens(backbone, CUT, sourceExcept({ 7: async () => opaque })),
      isUserError(/Image 7.*4 channels.*takes 224×224 and 3\. Resize/),
    ),
  );
});

test("an unknown cut point is refused with the ones that there are", async () => {
  await assert.rejects(
    extractTokens(backbone, "stage9", sourceOf(scenes)),
    isUserError(/no cut point "stage9".*stage5.*head/),
  );
});

test("a source that can't say how many it has, gives no image or no bytes, is refused before it is too late", async () => {
  for (const count of [Number.NaN, -1, 1.5])
    await assert.rejects(
      extractTokens(backbone, CUT, { ...sourceOf(scenes), count }),
      isUserError(/`count` of a source must be a whole number/),
    );
  await assert.rejects(
    extractTokens(backbone, CUT, undefined as unknown as ImageSource),
    isUserError(/A source of inputs is/),
  );
  const nothing = async () => undefined as unknown as PixelImage;
  const shares = async () => ({
    ...(await sourceOf(scenes).load(0)),
    data: new Float32Array(224 * 224 * 3) as unknown as Uint8Array,
  });
  for (const [load, message] of [
    [nothing, /Image 2, counted from 0, is none/],
    [shares, /Image 2, counted from 0, holds no bytes/],
  ] as const)
    await assert.rejects(extractTokens(backbone, CUT, sourceExcept({ 2: load })), isUserError(message));
});

test("items that there are not are refused, and give no zeros", () => {
  const tokens = { data: Float32Array.of(1, 2), count: 2, rows: 1, columns: 1, channels: 1 };
  for (const index of [2, -1, 0.5])
    assert.throws(() => gatherGrids(tokens, [index]), isUserError(/in 0 … 1/));
});
