import assert from "node:assert/strict";
import * as path from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { readImage } from "../node/decode-image";
import { encodePng, encodeWebp } from "../node/encode-image";
import { dataFolder } from "../node/files";
import { resizeImage } from "../node/resize-image";
import type { PixelImage } from "./pixel-image";
import { resample } from "./resample";

const photograph = path.join(dataFolder(), "photographs", "castle.jpg");
const whole = ({ width, height }: PixelImage) => ({ left: 0, top: 0, width, height });

test("a photograph reduced here and by sharp's linear kernel is the same within a grey level", async () => {
  const image = await readImage(photograph, 3);
  const ours = resample(image, whole(image), 112, 96);
  const theirs = await resizeImage(image, 112, 96);
  const difference = ours.data.reduce((sum, value, index) => sum + Math.abs(value - theirs.data[index]!), 0);
  assert.ok(difference / ours.data.length < 1, `mean difference ${difference / ours.data.length}`);
});

test("the size it has is left as it is, also in a rectangle, and mirroring turns each row round", async () => {
  const image: PixelImage = { width: 3, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
  assert.deepEqual([...resample(image, whole(image), 3, 2).data], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...resample(image, whole(image), 3, 2, true).data], [3, 2, 1, 6, 5, 4]);
  assert.deepEqual([...resample(image, { left: 1, top: 1, width: 2, height: 1 }, 2, 1).data], [5, 6]);
});

test("enlarging twice mixes neighbours three to one, as bilinear interpolation does", () => {
  const image: PixelImage = { width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 100) };
  assert.deepEqual([...resample(image, whole(image), 4, 1).data], [0, 25, 75, 100]);
});

test("one colour stays that colour at every size, and a reduction does not alias", () => {
  const stripes = Uint8Array.from({ length: 64 * 64 }, (_, index) => (index % 2 === 0 ? 0 : 200));
  const image: PixelImage = { width: 64, height: 64, channels: 1, data: stripes };
  for (const side of [5, 16, 23]) {
    const reduced = resample(image, whole(image), side, side).data;
    for (const value of reduced) assert.ok(Math.abs(value - 100) < 12, `${side}: ${value}`);
  }
  const plain: PixelImage = { width: 9, height: 7, channels: 3, data: new Uint8Array(9 * 7 * 3).fill(77) };
  for (const [width, height] of [
    [1, 1],
    [4, 20],
    [31, 3],
  ] as const) {
    for (const value of resample(plain, whole(plain), width, height).data) {
      assert.ok(Math.abs(value - 77) < 1e-4);
    }
  }
});

test("sharp's resize keeps the number of channels", async () => {
  for (const channels of [1, 3, 4] as const) {
    const image: PixelImage = { width: 8, height: 6, channels, data: new Uint8Array(48 * channels).fill(90) };
    const small = await resizeImage(image, 4, 5);
    assert.deepEqual(
      [small.width, small.height, small.channels, small.data.length],
      [4, 5, channels, 20 * channels],
    );
  }
});

test("PNG and lossless WebP give back the bytes that they were given", async () => {
  const image = await readImage(photograph, 3);
  for (const bytes of [await encodePng(image), await encodeWebp(image, "lossless")]) {
    assert.deepEqual(new Uint8Array(await sharp(bytes).raw().toBuffer()), image.data);
  }
});
