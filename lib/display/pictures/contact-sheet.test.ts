import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { test } from "node:test";
import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { chooseCases } from "./choose-cases";
import { contactSheet, type ScoredCase } from "./contact-sheet";
import { imageGrid } from "./image-grid";
import { saveImages } from "./save-images";

const scores = [0.3, 0.9, 0.5, 0.1, 0.7, 0.5, 0.2];

function caseOf(score: number, index: number): ScoredCase {
  const image: PixelImage = {
    width: 8,
    height: 8,
    channels: 3,
    data: new Uint8Array(192).fill(30 * index),
  };
  const prediction = score > 0.4 ? "hen" : "lemur";
  return { image, map: [score, 0, 0, 0], rows: 2, columns: 2, score, label: "hen", prediction };
}

test("the highest, the middle, the lowest in the order of their scores; ties to the first", () => {
  const [best, median, worst] = chooseCases(scores, { count: 3, seed: 1 });
  assert.deepEqual(best.indices, [1, 4, 2]);
  assert.deepEqual(median.indices, [2, 5, 0]);
  assert.deepEqual(worst.indices, [0, 6, 3]);
  assert.deepEqual(
    [best.rule, median.rule, worst.rule],
    ["the 3 highest of 7", "the 3 around the median", "the 3 lowest of 7"],
  );
});

test("the random row is the seed's, whatever the scores are, and holds no case twice", () => {
  const draw = (seed: number, values = scores) => chooseCases(values, { count: 4, seed })[3].indices;
  assert.deepEqual(draw(1), draw(1));
  assert.deepEqual(draw(1), draw(1, [...scores].reverse()));
  assert.equal(new Set(draw(1)).size, 4);
  const draws = Array.from({ length: 20 }, (_, seed) => draw(seed));
  assert.ok(new Set(draws.map((indices) => indices.join())).size > 10);
  assert.deepEqual(
    [...new Set(draws.flat())].sort(),
    scores.map((_, index) => index),
  );
});

test("a sheet has a titled row for each rule, and its captions tell score, label and prediction", async () => {
  const sheet = await contactSheet(scores.map(caseOf), { score: "mass inside the mask", count: 2, seed: 3 });
  assert.equal(sheet.columns, 2);
  assert.equal(sheet.cells.length, 8);
  assert.equal(sheet.cells[0]!.caption, "0.9: hen, recognised");
  assert.equal(sheet.cells[5]!.caption, "0.1: hen, taken for lemur");
  assert.equal(sheet.rowTitles!.at(-1), "2 drawn at random from all (seed 3)");
  assert.match(sheet.title!, /7 cases by mass inside the mask/);
  assert.match(sheet.alt, /the 2 highest of 7: 0\.9 to 0\.7, 2 of 2 recognised/);
  assert.match(sheet.alt, /the 2 lowest of 7: 0\.2 to 0\.1, 0 of 2 recognised/);
});

test("a sheet is saved whole under its name, as the bytes of its grid", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "sheet-"));
  try {
    const sheet = await contactSheet(scores.map(caseOf), { score: "x", count: 1, seed: 3 });
    const file = path.join(folder, "new", "sheet.png");
    await saveImages(file, sheet.cells, sheet);
    assert.ok((await readFile(file)).equals(await imageGrid(sheet.cells, sheet)));
    assert.deepEqual(await readdir(path.dirname(file)), ["sheet.png"]);
    await assert.rejects(saveImages(path.join(folder, "sheet.jpg"), sheet.cells), UserError);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("mistakes are named", async () => {
  for (const [make, message] of [
    [() => chooseCases([1, 2], { count: 3, seed: 1 }), /Choosing 3 of 2/],
    [() => chooseCases([1, Number.NaN], { count: 1, seed: 1 }), /case 1 is NaN/],
  ] as const) {
    assert.throws(make, (error) => error instanceof UserError && message.test(error.message));
  }
  await assert.rejects(contactSheet([], { score: "x", seed: 1 }), UserError);
  const cells = scores.map((score, index) => ({ image: caseOf(score, index).image }));
  await assert.rejects(
    imageGrid(cells, { columns: 4, rowTitles: ["one"] }),
    (error) => error instanceof UserError && /2 rows and 1 row titles/.test(error.message),
  );
});
