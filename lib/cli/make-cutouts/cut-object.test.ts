import assert from "node:assert/strict";
import { test } from "node:test";
import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { cutObject } from "./cut-object";

/** A red rectangle on transparent green. */
function stamp(
  width: number,
  height: number,
  box: { left: number; top: number; right: number; bottom: number },
) {
  const data = new Uint8Array(width * height * 4);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const inside = column >= box.left && column < box.right && row >= box.top && row < box.bottom;
      data.set(inside ? [200, 0, 0, 255] : [0, 255, 0, 0], (row * width + column) * 4);
    }
  }
  return { width, height, channels: 4, data } satisfies PixelImage;
}

test("the margin goes, the longer side becomes the common one, and no invisible colour bleeds in", () => {
  const cut = cutObject(stamp(90, 70, { left: 10, top: 5, right: 70, bottom: 35 }), 20, "x.png");
  assert.deepEqual([cut.width, cut.height], [20, 10]);
  for (let pixel = 0; pixel < cut.data.length; pixel += 4) {
    assert.deepEqual([...cut.data.subarray(pixel, pixel + 4)], [200, 0, 0, 255]);
  }
});

test("a half-transparent edge keeps its colour", () => {
  const image = stamp(8, 8, { left: 0, top: 0, right: 8, bottom: 8 });
  // Every other column invisible: half the opacity, the colour still red alone.
  for (let pixel = 1; pixel < 64; pixel += 2) image.data.set([0, 255, 0, 0], pixel * 4);
  const cut = cutObject(image, 2, "x.png");
  for (let pixel = 0; pixel < cut.data.length; pixel += 4) {
    const [red, green, blue, opacity] = cut.data.subarray(pixel, pixel + 4);
    assert.deepEqual([red, green, blue], [200, 0, 0]);
    assert.ok(Math.abs(opacity! - 127.5) < 20, `${opacity}`);
  }
});

test("what is smaller than the common side, or empty, is refused by name: nothing is enlarged", () => {
  for (const right of [19, 0]) {
    assert.throws(
      () => cutObject(stamp(30, 30, { left: 0, top: 0, right, bottom: 10 }), 20, "small.png"),
      (error: unknown) => error instanceof UserError && /small\.png is \d+ px long/.test(error.message),
    );
  }
});
