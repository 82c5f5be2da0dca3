import assert from "node:assert/strict";
import { test } from "node:test";
import { maskOnGrid } from "./mask-on-grid";

const close = (actual: ArrayLike<number>, expected: readonly number[]) => {
  assert.equal(actual.length, expected.length);
  for (const [index, value] of expected.entries()) assert.ok(Math.abs(actual[index]! - value) < 1e-6);
};

test("every cell gets the share of it that is covered", () => {
  const data = Uint8Array.of(...[255, 255, 0, 0], ...[255, 255, 0, 0], ...[0, 0, 0, 51], ...[0, 255, 0, 0]);
  close(maskOnGrid({ width: 4, height: 4, channels: 1, data }, 2, 2), [1, 0, 0.25, 0.05]);
  close(maskOnGrid({ width: 4, height: 4, channels: 1, data }, 1, 2), [0.625, 0.025]);
});

test("a pixel that two cells share counts for both in proportion", () => {
  const data = Uint8Array.of(0, 255, 0);
  close(maskOnGrid({ width: 3, height: 1, channels: 1, data }, 1, 2), [1 / 3, 1 / 3]);
  close(maskOnGrid({ width: 3, height: 1, channels: 1, data }, 1, 6), [0, 0, 1, 1, 0, 0]);
});

test("cells weighted by their area add up to the mask, whatever the grid", () => {
  const data = Uint8Array.from({ length: 50 * 40 }, (_, index) => (index * 37) % 256);
  const total = data.reduce((sum, value) => sum + value, 0) / (255 * data.length);
  for (const [rows, columns] of [
    [7, 7],
    [14, 14],
    [3, 11],
  ] as const) {
    const cells = maskOnGrid({ width: 50, height: 40, channels: 1, data }, rows, columns);
    assert.ok(Math.abs(cells.reduce((sum, value) => sum + value, 0) / cells.length - total) < 1e-5);
  }
});
