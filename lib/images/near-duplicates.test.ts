import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { before, test } from "node:test";
import sharp, { type Sharp } from "sharp";
import { dataFolder } from "../node/files";
import { differenceHashes, hashDistance } from "./difference-hash";
import { NEAR_DUPLICATE_BITS, nearDuplicates } from "./near-duplicates";

const folder = path.join(dataFolder(), "photographs");
const files = fs.readdirSync(folder).filter((name) => name.endsWith(".jpg"));
const originals: Uint32Array[] = [];

async function hashOf(image: Sharp): Promise<Uint32Array> {
  const small = image.resize(72, 72, { fit: "fill", kernel: "linear" }).greyscale().toColourspace("b-w");
  return differenceHashes({ width: 72, height: 72, channels: 1, data: await small.raw().toBuffer() });
}

before(async () => {
  for (const name of files) originals.push(await hashOf(sharp(path.join(folder, name))));
});

const changes: Record<string, (image: Sharp, width: number, height: number) => Sharp> = {
  "compressed to a quality of 30": (image) => image.jpeg({ quality: 30 }),
  "reduced to a third": (image, width) => image.resize(Math.round(width / 3)).png(),
  "made brighter": (image) => image.modulate({ brightness: 1.15 }).png(),
  "cut by a twentieth on every side": (image, width, height) =>
    image
      .extract({
        left: Math.round(width * 0.05),
        top: Math.round(height * 0.05),
        width: Math.round(width * 0.9),
        height: Math.round(height * 0.9),
      })
      .png(),
};

for (const [name, change] of Object.entries(changes)) {
  test(`a photograph ${name} counts as the same one, and as no other`, async () => {
    for (const [i, file] of files.entries()) {
      const original = sharp(path.join(folder, file));
      const { width, height } = await original.metadata();
      const changed = await hashOf(sharp(await change(original, width, height).toBuffer()));
      const distances = originals.map((other) => hashDistance(changed, other));
      assert.ok(distances[i]! <= NEAR_DUPLICATE_BITS, `${file}: ${distances[i]}`);
      assert.ok(Math.min(...distances.filter((_, j) => j !== i)) > NEAR_DUPLICATE_BITS, file);
    }
  });
}

test("groups reach through others, and are named after their first image", () => {
  const [one, two] = originals as [Uint32Array, Uint32Array];
  const flipped = (hash: Uint32Array, bits: number) =>
    hash.map((word, i) => (i % 4 === 0 ? word ^ (2 ** bits - 1) : word));
  const near = flipped(one, 12);
  const farther = flipped(near, 24);
  assert.ok(hashDistance(one, near) <= NEAR_DUPLICATE_BITS);
  assert.deepEqual([...nearDuplicates([two, one, near, two])], [0, 1, 1, 0]);
  assert.ok(hashDistance(near, farther) > NEAR_DUPLICATE_BITS);
});
