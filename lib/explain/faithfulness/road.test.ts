import assert from "node:assert/strict";
import { test } from "node:test";
import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import type { RelevanceMap } from "../question";
import { muFidelity, subsetDrops } from "./mu-fidelity";
import { imputeNoisyLinear } from "./noisy-linear-imputation";
import type { PredictTarget } from "./predict";
import { road } from "./road";

const grid = (rows: number, columns: number, map: number[]): RelevanceMap => ({
  rows,
  columns,
  map: Float32Array.from(map),
});

function greyImage(width: number, height: number, valueAt: (x: number, y: number) => number): PixelImage {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return valueAt(pixel % width, Math.floor(pixel / width));
  });
  return { width, height, channels: 3, data };
}

/** The equations solved exactly, by elimination: removed pixels equal the weighted mean of their neighbours. */
function solvedExactly(image: PixelImage, removed: Uint8Array, channel: number): number[] {
  const { width, height } = image;
  const size = width * height;
  const matrix = Array.from({ length: size }, (_, pixel) => {
    const row = new Array<number>(size + 1).fill(0);
    if (removed[pixel] === 0) {
      row[pixel] = 1;
      row[size] = image.data[pixel * 3 + channel]!;
      return row;
    }
    for (const dy of [-1, 0, 1]) {
      for (const dx of [-1, 0, 1]) {
        const [x, y] = [(pixel % width) + dx, Math.floor(pixel / width) + dy];
        if ((dx === 0 && dy === 0) || x < 0 || y < 0 || x >= width || y >= height) continue;
        const weight = dx === 0 || dy === 0 ? 1 / 6 : 1 / 12;
        row[pixel]! += weight;
        row[y * width + x]! -= weight;
      }
    }
    return row;
  });
  for (let pivot = 0; pivot < size; pivot++) {
    for (let other = 0; other < size; other++) {
      const factor = matrix[other]![pivot]! / matrix[pivot]![pivot]!;
      if (other === pivot || factor === 0) continue;
      for (let i = pivot; i <= size; i++) matrix[other]![i]! -= factor * matrix[pivot]![i]!;
    }
  }
  return matrix.map((row, pixel) => row[size]! / row[pixel]!);
}

test("one missing pixel is the weighted mean of its neighbours, but for the noise", () => {
  // Direct neighbours 60, diagonal ones 120: 60 · 4/6 + 120 · 4/12 = 80.
  const image = greyImage(3, 3, (x, y) => (x === 1 || y === 1 ? 60 : 120));
  const removed = Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0);
  const drawn = Array.from({ length: 400 }, (_, seed) =>
    [...imputeNoisyLinear(image, removed, seed).data].slice(12, 15),
  ).flat();
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  assert.ok(Math.abs(mean - 80) < 0.4, `${mean}`);
  const deviation = Math.sqrt(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length);
  // Rounding adds 1/12 to the variance of 2.55².
  assert.ok(Math.abs(deviation - Math.sqrt(2.55 ** 2 + 1 / 12)) < 0.2, `${deviation}`);
  const { data } = imputeNoisyLinear(image, removed, 1);
  for (let pixel = 0; pixel < 9; pixel++)
    if (pixel !== 4) assert.equal(data[pixel * 3], image.data[pixel * 3]);
});

test("wide holes, at the border too, are what elimination gives", () => {
  const image = greyImage(11, 9, (x, y) => (37 * x + 91 * y + x * y * 13) % 256);
  const removed = Uint8Array.from({ length: 99 }, (_, i) => Number(i % 11 > 2 && i < 77));
  const exact = solvedExactly(image, removed, 0);
  const sum = new Float64Array(99);
  const draws = 300;
  for (let seed = 0; seed < draws; seed++) {
    const { data } = imputeNoisyLinear(image, removed, seed);
    for (let pixel = 0; pixel < 99; pixel++) sum[pixel]! += data[pixel * 3]!;
  }
  for (const [pixel, value] of exact.entries())
    assert.ok(Math.abs(sum[pixel]! / draws - value) < 0.8, `${pixel}: ${sum[pixel]! / draws}, not ${value}`);
});

test("nothing removed changes nothing; all removed and marks of another number are refused", () => {
  const image = greyImage(4, 4, (x) => x);
  assert.deepEqual(imputeNoisyLinear(image, new Uint8Array(16), 0).data, image.data);
  const refused = (marks: Uint8Array, message: RegExp) =>
    assert.throws(
      () => imputeNoisyLinear(image, marks, 0),
      (error) => error instanceof UserError && message.test(error.message),
    );
  refused(new Uint8Array(16).fill(1), /All pixels are removed/);
  refused(new Uint8Array(15), /15 marks for 4 × 4 pixels/);
});

/** A network that knows the top left quarter only, and how bright it is. */
const topLeft: PredictTarget = async (images) =>
  Float32Array.from(images, ({ data, width }) => {
    let sum = 0;
    for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++) sum += data[(y * width + x) * 3]!;
    return sum / 64 / 255;
  });
const spot = greyImage(16, 16, (x, y) => (x < 8 && y < 8 ? 255 : 0));

test("ROAD: what decides is lost first by a right map and last by a wrong one", async () => {
  const right = await road(spot, grid(2, 2, [9, 2, 3, 4]), topLeft, { shares: [0.25] });
  const wrong = await road(spot, grid(2, 2, [1, 2, 3, 4]), topLeft, { shares: [0.25] });
  // The hole at the corner is all zero around, so it becomes black but for noise: half of it is cut off at 0.
  assert.ok(right.mostFirst[0]! < 0.02 && right.leastFirst[0]! > 0.98, JSON.stringify(right));
  assert.ok(Math.abs(right.score - (right.leastFirst[0]! - right.mostFirst[0]!)) < 1e-6);
  assert.ok(wrong.score < -0.95, `${wrong.score}`);
  const several = await road(spot, grid(2, 2, [9, 2, 3, 4]), topLeft, { shares: [0.25, 0.5, 0.75] });
  assert.equal(several.mostFirst.length, 3);
  assert.deepEqual(
    several,
    await road(spot, grid(2, 2, [9, 2, 3, 4]), topLeft, { shares: [0.25, 0.5, 0.75] }),
  );
});

test("ROAD refuses shares out of range, no shares, and a map of a single cell", async () => {
  const refused = (map: RelevanceMap, shares: number[], message: RegExp) =>
    assert.rejects(
      road(spot, map, topLeft, { shares }),
      (error) => error instanceof UserError && message.test(error.message),
    );
  await refused(grid(2, 2, [1, 2, 3, 4]), [1.5], /share of the cells that ROAD removes/);
  await refused(grid(2, 2, [1, 2, 3, 4]), [], /one share or more/);
  await refused(grid(1, 1, [1]), [0.5], /two cells or more/);
  await refused(grid(20, 20, new Array(400).fill(1)), [0.5], /no finer than the image/);
});

test("MuFidelity is the correlation of relevance and loss over subsets, worked out by hand", () => {
  const drops = {
    rows: 1,
    columns: 4,
    subsets: [[0], [1], [2], [3]],
    drops: Float32Array.of(0.4, 0.1, 0.2, 0.1),
  };
  // Relevance 4, 0, 2, 2 of mean 2; drops of mean 0.2: Σ = 0.4 + 0.2 + 0 + 0 over √(8 · 0.06).
  const score = muFidelity(grid(1, 4, [4, 0, 2, 2]), drops);
  assert.ok(Math.abs(score - 0.6 / Math.sqrt(8 * 0.06)) < 1e-6, `${score}`);
  assert.ok(Number.isNaN(muFidelity(grid(1, 4, [1, 1, 1, 1]), drops)));
  assert.throws(() => muFidelity(grid(2, 2, [1, 2, 3, 4]), drops), /Bring them onto one grid/);
});

test("subsets are as large as was asked, drawn by the seed, and what is lost without them is asked once", async () => {
  const black = greyImage(16, 16, () => 0);
  const options = { rows: 4, columns: 4, share: 0.25, subsets: 60, baseline: black };
  const found = await subsetDrops(spot, topLeft, options);
  assert.equal(found.subsets.length, 60);
  for (const [i, cells] of found.subsets.entries()) {
    assert.equal(new Set(cells).size, 4);
    // The four cells of the bright quarter are a quarter of the answer each.
    const bright = cells.filter((cell) => cell % 4 < 2 && cell < 8).length;
    assert.ok(Math.abs(found.drops[i]! - bright / 4) < 1e-6);
  }
  assert.deepEqual(await subsetDrops(spot, topLeft, options), found);
  const other = await subsetDrops(spot, topLeft, { ...options, seed: 1 });
  assert.notDeepEqual(other.subsets, found.subsets);
  const truth = Array.from({ length: 16 }, (_, cell) => Number(cell % 4 < 2 && cell < 8));
  assert.ok(muFidelity(grid(4, 4, truth), found) > 0.9999);
  for (const share of [0, 1, 0.01])
    await assert.rejects(subsetDrops(spot, topLeft, { ...options, share }), /Give another share/);
});
