import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { UserError } from "../runtime/user-error";
import { decodeImage, readImage } from "./decode-image";
import { dataFolder } from "./files";
import { type TiffTags, tiffFile } from "./tiff.fixture";

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
  await refused(text, /of no kind that is read here/);
  fs.writeFileSync(text, "");
  await refused(text, /is empty/);
  await refused(path.join(folder, "absent.jpg"), /does not exist/);
  await refused(folder, /is a folder/);
});

test("another number of channels than 3 and 4 is refused", async () => {
  for (const channels of [undefined, 1, 2, "3"])
    await assert.rejects(
      readImage(photograph, channels as unknown as 3),
      (error) => error instanceof UserError && /3 channels, or with 4/.test(error.message),
    );
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

/** 8 × 1 pixels as a TIFF file whose tags say what the numbers are. */
const tiff = (tags: TiffTags, pixels: ArrayBufferView) =>
  tiffFile([{ tags, pixels: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength) }]);
const ramp = (length: number) => Uint8Array.from({ length }, (_, i) => Math.round((i * 255) / (length - 1)));
const grey = { 258: [8], 262: [1], 277: [1] };
const rgb = { 258: [8, 8, 8], 262: [2], 277: [3] };

test("what an image's numbers mean is read, and what would have to be guessed is refused by its name", async () => {
  const bits = (count: number, each: number) => ({ 258: Array<number>(count).fill(each), 277: [count] });
  const unclear: [RegExp, Buffer][] = [
    [/32-bit floating-point numbers/, tiff({ ...grey, 258: [32], 339: [3] }, new Float32Array(8))],
    [/64-bit floating-point/, tiff({ ...grey, 258: [64], 339: [3] }, new Float64Array(8))],
    [/32-bit floating-point/, tiff({ ...rgb, ...bits(3, 32), 339: [3, 3, 3] }, new Float32Array(24))],
    [/64-bit complex numbers/, tiff({ ...grey, 258: [64], 339: [6] }, new Float32Array(16))],
    [/: its numbers are 8-bit whole numbers with a sign/, tiff({ ...grey, 339: [2] }, new Int8Array(8))],
    [/16-bit whole numbers with a sign/, tiff({ ...grey, 258: [16], 339: [2] }, new Int16Array(8))],
    [/32-bit whole numbers with a sign/, tiff({ ...grey, 258: [32], 339: [2] }, new Int32Array(8))],
    [/32-bit whole numbers\./, tiff({ ...grey, 258: [32] }, new Uint32Array(8))],
    [/12-bit whole numbers\./, tiff({ ...grey, 258: [12] }, new Uint8Array(12))],
    [/different number types/, tiff({ ...rgb, 258: [8, 8, 16] }, new Uint8Array(32))],
    [/5 channels, of which 3 are colour/, tiff({ ...rgb, ...bits(5, 8), 338: [2, 0] }, ramp(40))],
    [/4 channels, of which 3 are colour/, tiff({ ...rgb, ...bits(4, 8), 338: [0] }, ramp(32))],
    [/4 channels, of which 3 are colour/, tiff({ ...rgb, ...bits(4, 8) }, ramp(32))],
    [/2 channels, of which 1 is colour/, tiff({ ...grey, ...bits(2, 8), 338: [0] }, ramp(16))],
    [/5 channels, of which 4 are colour/, tiff({ ...bits(5, 8), 262: [5], 338: [0] }, ramp(40))],
    [/other inks than cyan/, tiff({ ...bits(4, 8), 262: [5], 332: [2] }, ramp(32))],
    [/its colours are CIELAB/, tiff({ ...rgb, 262: [8] }, ramp(24))],
    [/a camera's raw mosaic/, tiff({ ...grey, 262: [32803] }, ramp(8))],
    [/small preview/, tiff({ ...rgb, 254: [1] }, ramp(24))],
    [/it holds 3 pages/, tiffFile(Array(3).fill({ tags: grey, pixels: ramp(8) }))],
    [/damaged or ends too early/, tiff(rgb, ramp(24)).subarray(0, 60)],
  ];
  for (const [reason, bytes] of unclear) {
    const file = path.join(folder, "unclear.tif");
    fs.writeFileSync(file, bytes);
    await refused(file, reason);
  }
});

test("TIFF files whose meaning is plain are shown: grey, RGB, opacity, palette, inks, 16 bits, a preview behind", async () => {
  const show = async (bytes: Buffer, channels: 3 | 4 = 3) => [
    ...(await decodeImage(bytes, channels, "some.tif")).data,
  ];
  const values = [...ramp(8)];
  const grown = values.flatMap((value) => [value, value, value]);
  assert.deepEqual(await show(tiff(grey, ramp(8))), grown);
  assert.deepEqual(
    await show(tiff({ ...grey, 262: [0] }, ramp(8))),
    grown.map((value) => 255 - value),
  );
  const wide = Uint16Array.from(values, (value) => value * 257);
  assert.deepEqual(await show(tiff({ ...grey, 258: [16], 339: [1] }, wide)), grown);
  assert.deepEqual(await show(tiff(rgb, ramp(24))), [...ramp(24)]);
  const opacity = { ...rgb, 258: [8, 8, 8, 8], 277: [4], 338: [2] };
  assert.deepEqual(await show(tiff(opacity, ramp(32)), 4), [...ramp(32)]);
  const palette = { ...grey, 262: [3], 320: Array.from({ length: 768 }, (_, i) => (255 - (i % 256)) * 257) };
  assert.deepEqual(
    await show(tiff(palette, ramp(8))),
    grown.map((value) => 255 - value),
  );
  const inks = { 258: [8, 8, 8, 8], 262: [5], 277: [4] };
  assert.deepEqual((await show(tiff(inks, new Uint8Array(32)))).slice(0, 3), [255, 255, 255]);
  const preview = { tags: { ...rgb, 254: [1] }, pixels: new Uint8Array(24) };
  assert.deepEqual(await show(tiffFile([{ tags: rgb, pixels: ramp(24) }, preview])), [...ramp(24)]);
});

test("a TIFF file cut short or with any byte changed is decoded or refused, and never crashes", async () => {
  const whole = tiff({ ...rgb, 258: [8, 8, 8, 8], 277: [4], 338: [2] }, ramp(32));
  const attempt = async (bytes: Buffer) => {
    try {
      await decodeImage(bytes, 3, "some.tif");
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
    }
  };
  for (let at = 0; at < whole.length; at++) {
    await attempt(whole.subarray(0, at));
    // A changed width could ask for an image of gigabytes.
    if (at >= 18 && at < 34) continue;
    const changed = Buffer.from(whole);
    changed[at] = changed[at]! ^ 0xff;
    await attempt(changed);
  }
});

test("files that are taken for images are named, and too many pixels are no damage", async () => {
  const named: [string, RegExp][] = [
    ["\0\0\0\x18ftypheic\0\0\0\0mif1heic", /it is a HEIC photograph\. Convert it to JPEG/],
    ["BM\x3a\0\0\0\0\0\0\0\x36\0\0\0", /it is a BMP image/],
    ["%PDF-1.7\n", /it is a PDF document/],
    ["<!DOCTYPE html><title>404</title>", /it is a page of HTML/],
  ];
  for (const [bytes, reason] of named) {
    const file = path.join(folder, "photo.jpg");
    fs.writeFileSync(file, bytes, "latin1");
    await refused(file, reason);
  }
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(17_000);
  header.writeUInt32BE(17_000, 4);
  header[8] = 8;
  const huge = path.join(folder, "huge.png");
  const start = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  fs.writeFileSync(
    huge,
    Buffer.concat([
      start,
      chunk("IHDR", header),
      chunk("IDAT", deflateSync(Buffer.alloc(9))),
      chunk("IEND", Buffer.alloc(0)),
    ]),
  );
  await refused(huge, /17000×17000 pixels, 289 million, and at most 268 million.*Scale it down/);
});

test("all eight orientations, animations, inks, 16 bits and pictures of few pixels are decoded as before", async () => {
  const six = Buffer.from([1, 2, 3, 4, 5, 6].flatMap((value) => [value, value, value]));
  const raw = { raw: { width: 3, height: 2, channels: 3 } } as const;
  // The rows of 1 2 3 / 4 5 6, turned and mirrored as EXIF defines.
  const upright = [
    [123456],
    [321654],
    [654321],
    [456123],
    [142536, 2],
    [415263, 2],
    [635241, 2],
    [362514, 2],
  ] as const;
  for (const [i, [digits, width = 3]] of upright.entries()) {
    const bytes = await sharp(six, raw)
      .withMetadata({ orientation: i + 1 })
      .png()
      .toBuffer();
    const image = await decodeImage(bytes, 3, "turned.png");
    const seen = Number([...image.data].filter((_, at) => at % 3 === 0).join(""));
    assert.deepEqual([image.width, seen], [width, digits], `orientation ${i + 1}`);
  }
  const frames = await sharp(Buffer.from([9, 9, 9, 200, 200, 200]), {
    raw: { width: 1, height: 2, channels: 3, pageHeight: 1 },
  })
    .gif({ delay: [100, 100] })
    .toBuffer();
  assert.equal((await sharp(frames).metadata()).pages, 2);
  const first = await decodeImage(frames, 4, "two.gif");
  assert.deepEqual([first.width, first.height, ...first.data], [1, 1, 9, 9, 9, 255]);
  const wide = Buffer.from(Uint16Array.of(0, 257 * 100, 65535).buffer);
  const deep = await sharp(new Uint16Array(wide.buffer, wide.byteOffset, 3), {
    raw: { width: 1, height: 1, channels: 3 },
  })
    .toColourspace("rgb16")
    .png()
    .toBuffer();
  assert.equal((await sharp(deep).metadata()).depth, "ushort");
  assert.deepEqual([...(await decodeImage(deep, 3, "deep.png")).data], [0, 100, 255]);
  const inks = await sharp(photograph).resize(64).toColourspace("cmyk").jpeg().toBuffer();
  const { data } = await sharp(inks).toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual((await decodeImage(inks, 3, "inks.jpg")).data, new Uint8Array(data));
});
