import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { UserError } from "../runtime/user-error";
import { encodePng } from "./encode-image";
import { readPhotograph } from "./photograph";
import { resizeImage } from "./resize-image";

let folder: string;
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "photograph-"));
});
after(() => fs.rmSync(folder, { recursive: true }));

/** An image whose red is its column and whose green is its row, so that a pixel tells where it came from. */
async function writeCoordinates(width: number, height: number, scale: number): Promise<string> {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++)
    data.set([(i % width) / scale, Math.floor(i / width) / scale, 128], i * 3);
  const file = path.join(folder, `${width}x${height}.png`);
  fs.writeFileSync(file, await encodePng({ width, height, channels: 3, data }));
  return file;
}

test("with 256 pixels on the shorter side the middle 224 are taken as they are", async () => {
  const image = await readPhotograph(await writeCoordinates(300, 256, 2));
  assert.deepEqual([image.width, image.height, image.channels], [224, 224, 3]);
  // (300 - 224) / 2 = 38 columns and (256 - 224) / 2 = 16 rows are left out before the first pixel.
  assert.deepEqual([...image.data.subarray(0, 3)], [19, 8, 128]);
  assert.deepEqual([...image.data.subarray(-3)], [(38 + 223) >> 1, (16 + 223) >> 1, 128]);
});

test("a larger photograph is scaled, a smaller one too, and both keep what is in the middle", async () => {
  for (const [width, height, scale] of [
    [512, 1024, 4],
    [64, 128, 0.5],
  ] as const) {
    const { data } = await readPhotograph(await writeCoordinates(width, height, scale));
    const middle = (112 * 224 + 112) * 3;
    assert.ok(Math.abs((data[middle] as number) - width / 2 / scale) <= 1);
    assert.ok(Math.abs((data[middle + 1] as number) - height / 2 / scale) <= 1);
    // The square spans 7/8 of the shorter side: its first column lies 1/16 of the width from the edge.
    assert.ok(Math.abs((data[middle - 112 * 3] as number) - width / 16 / scale) <= 1);
  }
});

test("an image of one pixel works, a missing or broken one is told by its name", async () => {
  assert.equal((await readPhotograph(await writeCoordinates(1, 1, 1))).data.length, 224 * 224 * 3);
  await assert.rejects(readPhotograph(path.join(folder, "none.jpg")), named("none.jpg"));
  fs.writeFileSync(path.join(folder, "broken.jpg"), "no image");
  await assert.rejects(readPhotograph(path.join(folder, "broken.jpg")), named("broken.jpg"));
});

test("sizes that are none, and images whose bytes are not those of their size, are refused in a sentence", async () => {
  const file = await writeCoordinates(8, 8, 1);
  const refused = (work: Promise<unknown>, pattern: RegExp) =>
    assert.rejects(work, (error) => error instanceof UserError && pattern.test(error.message));
  const image = { width: 2, height: 2, channels: 3, data: new Uint8Array(12) } as const;
  for (const size of [0, 2.5, Number.NaN, 1e9]) {
    await refused(readPhotograph(file, size), /must be a whole number/);
    await refused(resizeImage(image, size, 4), /The width of a resized image must be a whole number/);
    await refused(resizeImage(image, 4, size), /The height of a resized image must be a whole number/);
  }
  for (const wrong of [
    { data: new Uint8Array(3) },
    { channels: 2 as 1 },
    { data: new Float32Array(12) as never },
  ])
    await refused(
      encodePng({ ...image, ...wrong }),
      /An image of 2×2 pixels has 1, 3 or 4 channels and a byte/,
    );
  await refused(encodePng(undefined as never), /The width of an image must be a whole number/);
});

function named(file: string): (error: unknown) => boolean {
  return (error) => error instanceof UserError && error.message.includes(file);
}
