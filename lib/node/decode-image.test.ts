import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import sharp from "sharp";
import { UserError } from "../runtime/user-error";
import { readImage } from "./decode-image";
import { dataFolder } from "./files";

const photograph = path.join(dataFolder(), "photographs", "castle.jpg");
let folder: string;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "decode-"));
});
after(() => fs.rmSync(folder, { recursive: true }));

const refused = (file: string, reason: RegExp) =>
  assert.rejects(readImage(file, 3), (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.ok(error.message.includes(file), error.message);
    assert.match(error.message, reason);
    return true;
  });

test("a photograph has the bytes that another reading of the same file has", async () => {
  const image = await readImage(photograph, 3);
  const { data, info } = await sharp(photograph).raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual([image.width, image.height, image.channels], [info.width, info.height, 3]);
  assert.deepEqual(image.data, new Uint8Array(data));
});

test("the first half of a photograph is refused by name, in every format", async () => {
  for (const format of ["jpeg", "png", "webp"] as const) {
    const whole = await sharp(photograph).toFormat(format).toBuffer();
    const file = path.join(folder, `half.${format}`);
    fs.writeFileSync(file, whole.subarray(0, whole.length / 2));
    await refused(file, /could not be decoded.*undamaged copy/);
  }
});

test("what is no image, no file, or not there is refused by name", async () => {
  const text = path.join(folder, "text.jpg");
  fs.writeFileSync(text, "no image at all");
  await refused(text, /could not be decoded/);
  await refused(path.join(folder, "absent.jpg"), /does not exist/);
  await refused(folder, /is a folder/);
});

test("three channels lay what is transparent on white, four keep its opacity, grey becomes colour", async () => {
  const file = path.join(folder, "pixels.png");
  const pixels = Buffer.from([200, 0, 0, 255, 200, 0, 0, 0]);
  await sharp(pixels, { raw: { width: 2, height: 1, channels: 4 } })
    .png()
    .toFile(file);
  assert.deepEqual([...(await readImage(file, 3)).data], [200, 0, 0, 255, 255, 255]);
  assert.deepEqual([...(await readImage(file, 4)).data], [...pixels]);

  const grey = path.join(folder, "grey.png");
  await sharp(Buffer.from([7, 9]), { raw: { width: 2, height: 1, channels: 1 } })
    .png()
    .toFile(grey);
  assert.deepEqual([...(await readImage(grey, 3)).data], [7, 7, 7, 9, 9, 9]);
  assert.deepEqual([...(await readImage(grey, 4)).data], [7, 7, 7, 255, 9, 9, 9, 255]);
});

test("a photograph taken with the camera on its side stands upright", async () => {
  const file = path.join(folder, "turned.png");
  await sharp(Buffer.from([1, 2]), { raw: { width: 2, height: 1, channels: 1 } })
    .withMetadata({ orientation: 6 })
    .png()
    .toFile(file);
  const { width, height, data } = await readImage(file, 3);
  assert.deepEqual([width, height, data[0], data[3]], [1, 2, 1, 2]);
});
