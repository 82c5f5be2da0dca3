import assert from "node:assert/strict";
import { test } from "node:test";
import type { PixelImage } from "../../images/pixel-image";
import { maskBox } from "./mask-box";
import { boxScore, scoresOf } from "./score-maps";

const SIDE = 28;

/** A white square of a quarter of the side in the second cell of the second row, on black; with its mask. */
function scene(): { image: PixelImage; mask: PixelImage } {
  const data = new Uint8Array(SIDE * SIDE);
  for (let y = 7; y < 14; y++) data.fill(255, y * SIDE + 7, y * SIDE + 14);
  const size = { width: SIDE, height: SIDE };
  return {
    image: {
      ...size,
      channels: 3,
      data: Uint8Array.from({ length: data.length * 3 }, (_, i) => data[Math.floor(i / 3)]!),
    },
    mask: { ...size, channels: 1, data },
  };
}

/** A classifier that is as sure as the image is bright, up to the scene's own brightness. */
async function brightness(images: PixelImage[]): Promise<Float32Array> {
  return Float32Array.from(images, ({ data }) =>
    Math.min(1, data.reduce((sum, value) => sum + value, 0) / (49 * 3 * 255)),
  );
}

const onObject = { map: Float32Array.from({ length: 16 }, (_, i) => Number(i === 5)), rows: 4, columns: 4 };
const elsewhere = { map: Float32Array.from({ length: 16 }, (_, i) => Number(i === 15)), rows: 4, columns: 4 };
const without = Float32Array.from({ length: 16 }, (_, i) => Number(i === 5));
const effects = { drops: without.map((value) => -value), distances: without };

test("the box of a mask is the smallest that holds its object", () => {
  assert.deepEqual(maskBox(scene().mask), { left: 7, top: 7, width: 7, height: 7 });
});

test("a map of the object's cell finds it, and its answer falls faster and comes back sooner than that of another cell", async () => {
  const right = await scoresOf({ map: onObject, ...scene() }, brightness, effects);
  const wrong = await scoresOf({ map: elsewhere, ...scene() }, brightness, effects);
  assert.deepEqual([right.mass_inside, right.pointing_game, right.leave_one_out], [1, 1, 1]);
  assert.equal(right.leave_one_out_signed, -1);
  assert.deepEqual([wrong.mass_inside, wrong.pointing_game], [0, 0]);
  assert.ok(right.deletion < wrong.deletion);
  assert.ok(right.insertion > wrong.insertion);
  assert.ok(boxScore([{ map: onObject, ...scene() }]) > boxScore([{ map: elsewhere, ...scene() }]));
});

test("a map without any preference ranks nothing: its correlation counts as 0", async () => {
  const uniform = { map: new Float32Array(16).fill(1 / 16), rows: 4, columns: 4 };
  assert.equal((await scoresOf({ map: uniform, ...scene() }, brightness, effects)).leave_one_out, 0);
});
