import assert from "node:assert/strict";
import * as path from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { dataFolder } from "../node/files";
import { UserError } from "../runtime/user-error";
import { blurImage } from "./blur";
import type { PixelImage } from "./pixel-image";

/** A photograph at the size that backbones take, and libvips' blur of it. */
async function photographAndBlur(name: string, deviation: number): Promise<[PixelImage, Uint8Array]> {
  const [width, height, channels] = [224, 224, 3] as const;
  const file = path.join(dataFolder(), "photographs", `${name}.jpg`);
  const data = await sharp(file).resize(width, height, { fit: "fill" }).raw().toBuffer();
  const blurred = await sharp(data, { raw: { width, height, channels } })
    .blur({ sigma: deviation, minAmplitude: 0.01, precision: "float" })
    .raw({ depth: "uchar" })
    .toBuffer();
  return [{ width, height, channels, data: new Uint8Array(data) }, new Uint8Array(blurred)];
}

test("a photograph is blurred as libvips blurs it, to a grey level", async () => {
  for (const deviation of [0.5, 1.5, 5, 11.2])
    for (const name of ["hen", "castle"]) {
      const [image, expected] = await photographAndBlur(name, deviation);
      const { data } = blurImage(image, deviation);
      const furthest = data.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
      assert.ok(furthest <= (deviation > 4 ? 0 : 1), `${name} at ${deviation}: ${furthest}`);
    }
});

test("an even area keeps its grey level, whatever it is, and one channel stays one", () => {
  for (const deviation of [0.4, 0.8, 2, 11.2])
    for (let grey = 0; grey < 256; grey++) {
      const image: PixelImage = { width: 5, height: 2, channels: 1, data: new Uint8Array(10).fill(grey) };
      assert.deepEqual(blurImage(image, deviation), image);
    }
});

test("a deviation that is no blur is refused", () => {
  const image: PixelImage = { width: 1, height: 1, channels: 3, data: new Uint8Array(3) };
  for (const deviation of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => blurImage(image, deviation), UserError);
});
