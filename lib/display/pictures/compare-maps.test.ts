import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { compareMaps } from "./compare-maps";
import { imageGrid } from "./image-grid";
import { overlayWeights } from "./overlay";

const photograph: PixelImage = {
  width: 60,
  height: 60,
  channels: 3,
  data: Uint8Array.from({ length: 60 * 60 * 3 }, (_, index) => (index * 7) % 256),
};
const weak = { map: [0, 0.1, 0.2, 0], rows: 2, columns: 2, caption: "weak" };
const strong = { map: [0.8, 0, 0, 0], rows: 2, columns: 2, caption: "strong" };

test("maps of one kind share a scale up to the largest value of all, which comes last", async () => {
  const cells = await compareMaps(photograph, [weak, strong], { quantity: "weight", scale: "shared" });
  assert.deepEqual(
    cells.map(({ caption }) => caption),
    ["the photograph", "weak", "strong", undefined],
  );
  assert.deepEqual(cells[0]!.image.data, photograph.data);
  const expected = await overlayWeights(photograph, weak.map, 2, 2, { maximum: 0.8 });
  assert.deepEqual(cells[1]!.image.data, expected.data);
  assert.deepEqual([cells[3]!.image.width, cells[3]!.image.height], [224, 62]);
  assert.ok(cells.every(({ scale }) => scale === undefined));
});

test("maps with scales of their own end at their largest value or four times their mean, and carry their scale below them", async () => {
  const cells = await compareMaps(photograph, [weak, strong], {
    quantity: "relevance",
    scale: "own",
  });
  assert.equal(cells.length, 3);
  const expected = await overlayWeights(photograph, weak.map, 2, 2, { maximum: 4 * ((0.1 + 0.2) / 4) });
  assert.deepEqual(cells[1]!.image.data, expected.data);
  const { height, width } = await sharp(await imageGrid(cells)).metadata();
  assert.equal(width, 3 * 224 + 4 * 12);
  // Picture of 180 (a small one grows by whole factors), scale, caption.
  assert.ok(height! > 180 + 62 + 14 && height! < 180 + 62 + 60, String(height));
  // The scales are reduced with their cells.
  const small = await sharp(await imageGrid(cells, { cellSize: 112 })).metadata();
  assert.ok(small.height! > 112 + 31 + 14 && small.height! < 112 + 31 + 60, String(small.height));
});

test("without maps, and with a map that does not fill its grid, the mistake is named", async () => {
  const options = { quantity: "weight", scale: "own" } as const;
  await assert.rejects(compareMaps(photograph, [], options), UserError);
  await assert.rejects(
    compareMaps(photograph, [{ ...weak, rows: 3 }], options),
    (error) => error instanceof UserError && /4 weights.*3 × 2 = 6/.test(error.message),
  );
});
