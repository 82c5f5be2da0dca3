import assert from "node:assert/strict";
import { test } from "node:test";
import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { besidePhotograph } from "./beside";
import { stripe, weightColour } from "./colour-map";
import { scaleTop } from "./image-map";
import { withOutline } from "./outline";
import { overlayWeights } from "./overlay";
import { weightScale } from "./weight-scale";

function grey(size: number, value = 128): PixelImage {
  return { width: size, height: size, channels: 3, data: new Uint8Array(size * size * 3).fill(value) };
}
const pixel = (image: PixelImage, x: number, y: number) => [
  ...image.data.subarray((y * image.width + x) * 3).slice(0, 3),
];

/** A photograph of soft noise: what a map is laid over. */
function noise(size: number): PixelImage {
  const data = Uint8Array.from({ length: size * size * 3 }, (_, index) => 90 + ((index * 7919) % 71));
  return { width: size, height: size, channels: 3, data };
}
const bytes = (share: number) => weightColour(share).map(Math.round);

function lightnessOf(colour: readonly number[]): number {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 116 * Math.cbrt(0.2126 * red + 0.7152 * green + 0.0722 * blue) - 16;
}

test("colours grow darker with the weight, evenly, and nothing is nearly grey", () => {
  const at = (tenth: number) => lightnessOf(weightColour(tenth / 10));
  const steps = Array.from({ length: 10 }, (_, index) => at(index) - at(index + 1));
  for (const step of steps) assert.ok(step > 4 && step < 13, String(steps));
  const pale = weightColour(0);
  assert.ok(Math.max(...pale) - Math.min(...pale) < 16, String(pale));
  assert.deepEqual(weightColour(-1), weightColour(0));
  assert.deepEqual(weightColour(2), weightColour(1));
});

test("every cell has the colour that the scale has at its weight, up to its border, on a photograph of any brightness", async () => {
  const weights = [0, 0.25, 0.5, 0.75, 1, 0.1];
  const scale = await weightScale(1, "weight", 224);
  for (const brightness of [0, 128, 255]) {
    const overlaid = await overlayWeights(grey(30, brightness), weights, 2, 3, { maximum: 1 });
    weights.forEach((weight, cell) => {
      const [left, top] = [(cell % 3) * 10, Math.floor(cell / 3) * 15];
      for (const [x, y] of [
        [left, top],
        [left + 9, top],
        [left + 4, top + 7],
        [left + 9, top + 14],
      ] as const) {
        const drawn = pixel(overlaid, x, y);
        const onBar = pixel(scale, 12 + Math.round(weight * 199), 26);
        drawn.forEach((value, channel) => {
          assert.ok(Math.abs(value - onBar[channel]!) <= 2, `cell ${cell}, ${drawn} for ${onBar}`);
        });
      }
    });
  }
});

test("the photograph's edges are engraved, and on average a cell keeps the scale's colour", async () => {
  const overlaid = await overlayWeights(noise(60), [0.2, 0.4, 0.6, 0.8], 2, 2, { maximum: 1 });
  [0.2, 0.4, 0.6, 0.8].forEach((weight, cell) => {
    const seen = new Set<string>();
    const sums = [0, 0, 0];
    for (let y = 0; y < 30; y++) {
      for (let x = 0; x < 30; x++) {
        const colour = pixel(overlaid, (cell % 2) * 30 + x, Math.floor(cell / 2) * 30 + y);
        seen.add(colour.join());
        for (let channel = 0; channel < 3; channel++) sums[channel]! += colour[channel]! / 900;
      }
    }
    assert.ok(seen.size > 3);
    bytes(weight).forEach((value, channel) => {
      assert.ok(Math.abs(sums[channel]! - value) < 6, `${sums} for ${bytes(weight)}`);
    });
  });
});

test("an even map lies low on its scale, and a peak at the top of its own", async () => {
  assert.equal(scaleTop({ map: new Float32Array(4).fill(0.25), rows: 2, columns: 2 }), 1);
  assert.equal(scaleTop({ map: [9, 1, 1, 1], rows: 2, columns: 2 }), 12);
  const peak = Float32Array.from({ length: 49 }, (_, index) => (index === 24 ? 0.9 : 0.1 / 48));
  assert.equal(scaleTop({ map: peak, rows: 7, columns: 7 }), Math.fround(0.9));
  assert.equal(scaleTop({ map: [0], rows: 1, columns: 1 }), 1);
  const even = await overlayWeights(grey(8), new Float32Array(49).fill(1 / 49), 7, 7);
  assert.ok(lightnessOf(pixel(even, 4, 4)) > 70);
  assert.equal(new Set(Array.from({ length: 64 }, (_, i) => pixel(even, i % 8, i >> 3).join())).size, 1);
});

test("what lies above the scale's top is striped, and the bar says so", async () => {
  const overlaid = await overlayWeights(grey(60), [0, 1, 0.5, 0.2], 2, 2, { maximum: 0.5 });
  const coloursOf = (left: number, top: number) =>
    new Set(
      Array.from({ length: 900 }, (_, i) =>
        pixel(overlaid, left + (i % 30), top + Math.floor(i / 30)).join(),
      ),
    );
  assert.deepEqual(coloursOf(30, 0), new Set([stripe.join(), bytes(1).join()]));
  assert.deepEqual(coloursOf(0, 30), new Set([bytes(1).join()]));
  const whole = await weightScale(0.5, "weight", 224);
  const cut = await weightScale(0.5, "weight", 224, 1);
  const barOf = (scale: PixelImage) =>
    new Set(Array.from({ length: 20 }, (_, i) => pixel(scale, 191 + i, 26).join()));
  assert.ok(!barOf(whole).has(stripe.join()));
  assert.deepEqual(barOf(cut), new Set([stripe.join(), bytes(1).join()]));
});

test("photographs of any number of channels can be drawn over, outlined and put beside their map", async () => {
  const mono: PixelImage = { width: 2, height: 1, channels: 1, data: Uint8Array.of(10, 20) };
  const opaque = Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255);
  const withOpacity: PixelImage = { width: 2, height: 1, channels: 4, data: opaque };
  for (const image of [mono, withOpacity]) {
    const overlaid = await overlayWeights(image, [0, 1], 1, 2);
    assert.equal(overlaid.data.length, 6);
    const pair = besidePhotograph(image, overlaid);
    assert.deepEqual([pair.width, pair.height, pair.data.length], [8, 1, 24]);
    assert.deepEqual([...pair.data.subarray(18)], [...overlaid.data]);
  }
  assert.deepEqual([...besidePhotograph(mono, mono).data.subarray(0, 6)], [10, 10, 10, 20, 20, 20]);
  assert.deepEqual([...besidePhotograph(withOpacity, mono).data.subarray(0, 6)], [1, 2, 3, 4, 5, 6]);
  assert.throws(() => besidePhotograph(mono, grey(2)), /2 × 2.*2 × 1/);
});

test("a mask's outline is white inside its border and black outside, on the map and on the bare photograph", async () => {
  const mask: PixelImage = { width: 20, height: 20, channels: 1, data: new Uint8Array(400) };
  for (let y = 5; y < 15; y++) mask.data.fill(255, y * 20 + 5, y * 20 + 15);
  const overlaid = await overlayWeights(grey(20), new Float32Array(4), 2, 2, { outline: mask });
  for (const drawn of [overlaid, withOutline(grey(20), mask)]) {
    assert.deepEqual(pixel(drawn, 5, 10), [255, 255, 255]);
    assert.deepEqual(pixel(drawn, 4, 10), [0, 0, 0]);
  }
  for (const [x, y] of [
    [10, 10],
    [1, 1],
    [0, 10],
  ] as const) {
    assert.deepEqual(pixel(withOutline(grey(20), mask), x, y), [128, 128, 128]);
  }
  assert.throws(() => withOutline(grey(8), mask), /20 × 20.*8 × 8/);
});

test("a map of the image's own resolution is drawn pixel by pixel", async () => {
  const weights = Float32Array.from({ length: 64 }, (_, index) => ((index * 5) % 64) / 63);
  const drawn = await overlayWeights(grey(8), weights, 8, 8, { maximum: 1 });
  weights.forEach((weight, index) => {
    pixel(drawn, index % 8, Math.floor(index / 8)).forEach((value, channel) => {
      assert.ok(Math.abs(value - bytes(weight)[channel]!) <= 2, `pixel ${index}`);
    });
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

test("the scale's numbers and sizes that can't be are refused", async () => {
  const scale = await weightScale(0.05, "attention weight");
  assert.equal(scale.data.length, scale.width * scale.height * 3);
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
