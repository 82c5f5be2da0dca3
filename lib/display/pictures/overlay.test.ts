import assert from "node:assert/strict";
import { test } from "node:test";
import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { largestOpacity, weightColour } from "./colour-map";
import { enlargeGrid } from "./enlarge-grid";
import { overlayWeights } from "./overlay";
import { weightScale } from "./weight-scale";

function grey(size: number, value = 128): PixelImage {
  return { width: size, height: size, channels: 3, data: new Uint8Array(size * size * 3).fill(value) };
}
const pixel = (image: PixelImage, x: number, y: number) => [
  ...image.data.subarray((y * image.width + x) * 3).slice(0, 3),
];

test("colours grow lighter with the weight, evenly", () => {
  const lightness = (share: number) => {
    const [red, green, blue] = weightColour(share).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 116 * Math.cbrt(0.2126 * red + 0.7152 * green + 0.0722 * blue) - 16;
  };
  const steps = Array.from({ length: 10 }, (_, index) => lightness((index + 1) / 10) - lightness(index / 10));
  for (const step of steps) assert.ok(step > 4 && step < 13, String(steps));
  assert.deepEqual(weightColour(-1), weightColour(0));
  assert.deepEqual(weightColour(2), weightColour(1));
});

test("an enlarged grid keeps its values at the cells' centres and a constant everywhere", () => {
  const enlarged = enlargeGrid([1, 2, 3, 4, 5, 6], 2, 3, 10, 15);
  [1, 2, 3, 4, 5, 6].forEach((value, cell) => {
    const [row, column] = [Math.floor(cell / 3), cell % 3];
    assert.ok(Math.abs(enlarged[(row * 5 + 2) * 15 + column * 5 + 2]! - value) < 1e-6);
  });
  for (const value of enlargeGrid([7, 7, 7, 7], 2, 2, 9, 5)) assert.ok(Math.abs(value - 7) < 1e-6);
});

test("the photograph is untouched where the weight is zero and coloured where it is largest", async () => {
  const weights = new Float32Array(49);
  weights[24] = 0.5;
  const overlaid = await overlayWeights(grey(224), weights, 7, 7);
  assert.deepEqual(pixel(overlaid, 5, 5), [128, 128, 128]);
  const [red, green, blue] = pixel(overlaid, 111, 111) as [number, number, number];
  assert.ok(red > 190 && green > 190 && blue < 80, `${red} ${green} ${blue}`);
  // The photograph still shows through at the largest weight.
  const darker = await overlayWeights(grey(224, 60), weights, 7, 7);
  assert.ok(pixel(darker, 111, 111)[0]! < red - 10);
});

test("the colour follows the weights' order, their share of the maximum, and rows and columns", async () => {
  const overlaid = await overlayWeights(grey(60), [0, 1, 0.5, 0], 2, 2, { maximum: 1 });
  const distance = (x: number, y: number) => Math.hypot(...pixel(overlaid, x, y).map((value) => value - 128));
  assert.ok(distance(52, 8) > distance(8, 52) && distance(8, 52) > 20);
  assert.ok(distance(2, 2) < 6 && distance(57, 57) < 6);
  const halved = await overlayWeights(grey(60), [0, 1, 0.5, 0], 2, 2, { maximum: 2 });
  const same = await overlayWeights(grey(60), [0, 0.5, 0.25, 0], 2, 2, { maximum: 1 });
  assert.deepEqual(halved.data, same.data);
});

test("weights of zero leave the photograph as it is, of any number of channels", async () => {
  const mono: PixelImage = { width: 2, height: 1, channels: 1, data: Uint8Array.of(10, 20) };
  const withOpacity: PixelImage = {
    width: 2,
    height: 1,
    channels: 4,
    data: Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255),
  };
  assert.deepEqual([...(await overlayWeights(mono, [0], 1, 1)).data], [10, 10, 10, 20, 20, 20]);
  assert.deepEqual([...(await overlayWeights(withOpacity, [0], 1, 1)).data], [1, 2, 3, 4, 5, 6]);
});

test("a mask's outline is white inside its border and black outside", async () => {
  const mask: PixelImage = { width: 20, height: 20, channels: 1, data: new Uint8Array(400) };
  for (let y = 5; y < 15; y++) mask.data.fill(255, y * 20 + 5, y * 20 + 15);
  const overlaid = await overlayWeights(grey(20), new Float32Array(4), 2, 2, { outline: mask });
  assert.deepEqual(pixel(overlaid, 5, 10), [255, 255, 255]);
  assert.deepEqual(pixel(overlaid, 4, 10), [0, 0, 0]);
  for (const [x, y] of [
    [10, 10],
    [1, 1],
    [0, 10],
  ] as const)
    assert.deepEqual(pixel(overlaid, x, y), [128, 128, 128]);
});

test("cells: every pixel of a cell has the colour of its exact weight, up to the border", async () => {
  const weights = [0, 0.25, 0.5, 0.75, 1, 0.1];
  const overlaid = await overlayWeights(grey(30), weights, 2, 3, { rendering: "cells", maximum: 1 });
  weights.forEach((weight, cell) => {
    const opacity = weight * largestOpacity;
    const expected = weightColour(weight).map((value) => Math.round(128 * (1 - opacity) + value * opacity));
    const [left, top] = [(cell % 3) * 10, Math.floor(cell / 3) * 15];
    for (const [x, y] of [
      [left, top],
      [left + 9, top],
      [left + 4, top + 7],
      [left + 9, top + 14],
    ] as const)
      assert.deepEqual(pixel(overlaid, x, y), expected, `cell ${cell} at ${x}, ${y}`);
  });
});

test("a map of the image's own resolution is drawn pixel by pixel, in either rendering", async () => {
  const weights = Float32Array.from({ length: 64 }, (_, index) => ((index * 5) % 64) / 63);
  const smooth = await overlayWeights(grey(8), weights, 8, 8);
  const cells = await overlayWeights(grey(8), weights, 8, 8, { rendering: "cells" });
  assert.deepEqual(smooth.data, cells.data);
  weights.forEach((weight, index) => {
    const opacity = weight * largestOpacity;
    const expected = weightColour(weight).map((value) => Math.round(128 * (1 - opacity) + value * opacity));
    assert.deepEqual(pixel(cells, index % 8, Math.floor(index / 8)), expected);
  });
});

test("weights that do not fit are refused", async () => {
  const wrongs: [ArrayLike<number>, object, RegExp][] = [
    [[1, 2, 3], {}, /3 weights.*2 × 2 = 4/],
    [[1, 2, 3, Number.NaN], {}, /Weight 3 is NaN/],
    [[1, -2, 3, 4], {}, /Weight 1 is -2/],
    [[1, 2, 3, 4], { maximum: 0 }, /positive/],
    [[1, 2, 3, 4], { maximum: 1 / 0 }, /Infinity.*finite/],
    [[1, 2, 3, 4], { outline: grey(5) }, /5 × 5.*8 × 8/],
  ];
  for (const [weights, options, message] of wrongs) {
    await assert.rejects(
      overlayWeights(grey(8), weights, 2, 2, options),
      (error) => error instanceof UserError && message.test(error.message),
    );
  }
});

test("the scale runs from white to the overlay's last colour on white", async () => {
  const scale = await weightScale(0.05, "attention weight");
  assert.equal(scale.data.length, scale.width * scale.height * 3);
  const white = await overlayWeights(
    { width: 1, height: 1, channels: 3, data: Uint8Array.of(255, 255, 255) },
    [1],
    1,
    1,
  );
  const barRow = 26;
  assert.deepEqual(
    pixel(scale, 13, barRow).map((value) => value > 245),
    [true, true, true],
  );
  assert.deepEqual(pixel(scale, scale.width - 13, barRow), [...white.data]);
  await assert.rejects(weightScale(0, "x"), UserError);
  await assert.rejects(weightScale(Number.NaN, "x"), UserError);
  await assert.rejects(weightScale(1, "x", 2.5), UserError);
  await assert.rejects(overlayWeights(grey(8), [], 0, 0), /whole numbers from 1 up/);
});

test("a long label makes the scale higher, and numbers that would touch leave out the middle one", async () => {
  const short = await weightScale(1, "weight");
  const long = await weightScale(
    1,
    "the attention weight of a token, summed over all heads and layers 注意力",
  );
  assert.equal(long.width, short.width);
  assert.ok(long.height > short.height + 15);
  const ink = ({ data, width }: PixelImage, x: number) => {
    for (let y = 0; y < data.length / 3 / width; y++) if (data[(y * width + x) * 3]! < 120) return true;
    return false;
  };
  assert.ok(!ink(long, 0) && !ink(long, long.width - 1));
  const narrow = await weightScale(0.000123, "w", 96);
  const middle = Array.from({ length: 5 }, (_, index) => 46 + index);
  const belowBar = { ...narrow, data: narrow.data.subarray(36 * 96 * 3), height: narrow.height - 36 };
  assert.ok(middle.some((x) => !ink(belowBar, x)));
});
