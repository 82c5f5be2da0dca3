import assert from "node:assert/strict";
import { test } from "node:test";
import { median, relativeDifference } from "./measure";

test("the median of odd and of even numbers of times", () => {
  assert.equal(median([9, 1, 4]), 4);
  assert.equal(median([9, 1, 4, 2]), 3);
  assert.equal(median([7]), 7);
});

test("the difference is relative to the largest number, so that noise near zero does not count", () => {
  assert.equal(relativeDifference([100, 0.01], [100, 0]), 0.0001);
  assert.equal(relativeDifference([-90, 1], [-100, 1]), 0.1);
});

test("numbers that are missing or not finite agree with nothing", () => {
  assert.ok(Number.isNaN(relativeDifference([1], [1, 2])));
  assert.ok(Number.isNaN(relativeDifference([Number.NaN, 1], [1, 1])));
});
