import assert from "node:assert/strict";
import { test } from "node:test";
import { colourHistogram, HISTOGRAM_BINS } from "./colour-histogram";

test("every pixel counts once, in the box of its colour", () => {
  // Black, white, white and a red at the lower edge of the second of six levels (43 is 256/6 rounded up).
  const data = Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 255, 255, 43, 42, 0);
  const shares = colourHistogram({ width: 2, height: 2, channels: 3, data });
  assert.equal(shares.length, HISTOGRAM_BINS);
  const filled = [...shares.entries()].filter(([, share]) => share > 0);
  assert.deepEqual(filled, [
    [0, 0.25],
    [36, 0.25],
    [215, 0.5],
  ]);
});
