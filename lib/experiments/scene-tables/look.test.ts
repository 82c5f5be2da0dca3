import assert from "node:assert/strict";
import { test } from "node:test";
import { lookOf } from "./look";

const masks = {
  // Two scenes of four positions; the second has no distractor.
  targets: Float32Array.of(1, 0, 0, 0, 0.5, 0.5, 0, 0),
  distractors: Float32Array.of(0, 0.5, 0.5, 0, 0, 0, 0, 0),
};

test("densities, pointing and spread agree with a calculation by hand", () => {
  const weights = Float32Array.of(0.5, 0.25, 0.25, 0, 1, 0, 0, 0);
  const look = lookOf(weights, masks, 2)!;
  assert.equal(look.targetDensity, 2);
  assert.equal(look.distractorDensity, 1);
  assert.equal(look.pointing, 1);
  // exp of the entropy: 2^1.5 positions of four, and one.
  assert.ok(Math.abs(look.effectivePositions - (2 ** 1.5 / 4 + 1 / 4) / 2) < 1e-12);
});

test("heads are averaged, and a class token's share is left out", () => {
  const weights = Float32Array.of(0.5, 0, 0, 0, 0, 0.3, 0, 0, 0.5, 0, 0, 0, 0.5, 0, 0, 0);
  const look = lookOf(weights, masks, 2)!;
  assert.ok(Math.abs(look.targetDensity - 4 * (0.5 / 0.8)) < 1e-6);
  assert.ok(Math.abs(look.distractorDensity - 4 * ((0.3 * 0.5) / 0.8)) < 1e-6);
});

test("where all positions weigh the same there is no look", () => {
  assert.equal(lookOf(new Float32Array(8).fill(0.25), masks, 2), undefined);
});
