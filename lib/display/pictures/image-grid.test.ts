import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { imageGrid } from "./image-grid";
import { showImages } from "./show-images";

function plain(width: number, height: number, colour: number[]): PixelImage {
  const data = new Uint8Array(width * height * colour.length);
  for (let at = 0; at < data.length; at++) data[at] = colour[at % colour.length]!;
  return { width, height, channels: colour.length as 1 | 3 | 4, data };
}

async function pixelsOf(png: Buffer) {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
  ];
  return { ...info, at };
}

const red = plain(60, 60, [200, 30, 40]);
const wide = plain(120, 30, [10, 90, 200]);

test("pictures of different sizes are fitted into their cells, with white between them", async () => {
  const grid = await pixelsOf(
    await imageGrid([{ image: red }, { image: wide }, { image: plain(2, 2, [77]) }], {
      columns: 2,
      cellSize: 60,
    }),
  );
  assert.deepEqual([grid.width, grid.height, grid.channels], [2 * 60 + 3 * 12, 2 * 60 + 3 * 12, 3]);
  assert.deepEqual(grid.at(12 + 30, 12 + 30), [200, 30, 40]);
  // Half as high as wide images are halved and stand at the bottom of their row.
  assert.deepEqual(grid.at(84 + 30, 12 + 52), [10, 90, 200]);
  assert.deepEqual(grid.at(84 + 30, 12 + 20), [255, 255, 255]);
  assert.deepEqual(grid.at(12 + 66, 12 + 30), [255, 255, 255]);
  assert.deepEqual(grid.at(12 + 30, 84 + 30), [77, 77, 77]);
});

test("captions and the title are drawn in dark letters, and make the picture higher", async () => {
  const bare = await pixelsOf(await imageGrid([{ image: red }], { cellSize: 60 }));
  const titled = await pixelsOf(
    await imageGrid([{ image: red, caption: "hen" }], { cellSize: 60, title: "T" }),
  );
  assert.ok(titled.height > bare.height + 30);
  const dark = (x0: number, y0: number, x1: number, y1: number) => {
    let count = 0;
    for (let y = y0; y < y1; y++)
      for (let x = x0; x < x1; x++) if (Math.max(...titled.at(x, y)) < 110) count++;
    return count;
  };
  assert.ok(dark(0, 0, titled.width, 30) > 10);
  assert.ok(dark(12, titled.height - 30, 72, titled.height) > 20);
});

test("captions in any script stay inside their cells, long words too, and are not cut off", async () => {
  const captions = [
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "models/efficientnet-lite0_head.safetensors",
    "ความสนใจในการเรียนรู้แบบถ่ายโอน",
    "迁移学习中的注意力机制。",
    "転移学習における注意機構",
    "전이 학습의 주의 메커니즘",
    "انتباه في نقل التعلّم",
    "תשומת לב בלמידת העברה",
    "ध्यान और स्थानांतरण सीखना",
    "Внимание при переносе",
    "Προσοχή στη μεταφορά",
    "🐨👩‍🔬🇩🇪",
  ];
  const cellSize = 60;
  const bare = await pixelsOf(
    await imageGrid(
      captions.map(() => ({ image: red })),
      { cellSize },
    ),
  );
  for (const caption of captions) {
    const cells = captions.map((_, index) => ({ image: red, ...(index === 4 && { caption }) }));
    const grid = await pixelsOf(await imageGrid(cells, { cellSize }));
    const inked = (x: number, y: number) => Math.max(...grid.at(x, y)) < 160;
    const places: [number, number][] = [];
    for (let y = bare.height - 12; y < grid.height; y++) {
      for (let x = 0; x < grid.width; x++) if (inked(x, y)) places.push([x, y]);
    }
    const left = 12 + 4 * (cellSize + 12);
    assert.ok(places.length > 20, caption);
    for (const [x, y] of places) {
      // A glyph may reach a pixel beyond its advance width.
      assert.ok(x >= left - 1 && x <= left + cellSize && y < grid.height - 8, `${caption}: ${x}, ${y}`);
    }
  }
});

test("a heading that runs from right to left begins at the right", async () => {
  const cells = [{ image: red }, { image: red }, { image: red }];
  const grid = await pixelsOf(await imageGrid(cells, { cellSize: 60, title: "שלום" }));
  const columns = Array.from({ length: grid.width }, (_, x) => x).filter((x) =>
    Array.from({ length: 18 }, (_, y) => y + 12).some((y) => Math.max(...grid.at(x, y)) < 160),
  );
  assert.ok(columns.length > 10 && columns[0]! > grid.width / 2, String(columns[0]));
});

test("the same cells give the same bytes", async () => {
  const cells = [{ image: red, caption: "α = 0.8" }, { image: wide }];
  assert.ok((await imageGrid(cells)).equals(await imageGrid(cells)));
});

test("a wrong option, an image that does not fit its size and an empty grid are refused", async () => {
  const broken = { ...red, data: red.data.subarray(1) };
  for (const [make, message] of [
    [() => imageGrid([]), /at least one/],
    [() => imageGrid([{ image: red }, { image: broken }]), /Image 2 .*60 × 60/],
    [() => imageGrid([{ image: red }], { columns: 0 }), /columns must be a whole number, at least 1, not 0/],
    [() => imageGrid([{ image: Promise.resolve(red) as unknown as PixelImage }]), /Image 1 .*`await`/],
    [() => imageGrid([{ image: undefined as unknown as PixelImage }]), /Image 1 .*missing/],
    [() => showImages([{ image: red }], { alt: "" }), /alt/],
    [() => showImages([{ image: red }], { alt: "red" }), /tslab/],
  ] as const) {
    await assert.rejects(make, (error) => error instanceof UserError && message.test(error.message));
  }
});
