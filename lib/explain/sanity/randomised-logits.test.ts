import assert from "node:assert/strict";
import { test } from "node:test";
import type { RelevanceMap } from "../question";
import { complexityRise, mapComplexity } from "./complexity";
import { randomOtherClass } from "./random-logit";

const map = (values: number[]): RelevanceMap => ({ map: Float32Array.from(values), rows: 3, columns: 3 });
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

test("complexity is the entropy of a histogram of three bins for nine cells", () => {
  // From 0 to 3 the bins are 0 … 1, 1 … 2, 2 … 3 with 6, 2 and 1 values.
  const entropy = -((6 / 9) * Math.log(6 / 9) + (2 / 9) * Math.log(2 / 9) + (1 / 9) * Math.log(1 / 9));
  near(mapComplexity(map([0, 0, 0.5, 0.9, 0, 0.2, 1, 1.5, 3])), entropy);
  near(mapComplexity(map([5, 5, 5, 5, 5, 5, 5, 5, 5])), 0);
  // A floor and a scale change nothing.
  near(
    mapComplexity(map([1, 1, 2, 1.9, 1, 1.4, 3, 4, 7].map((value) => 10 + value))),
    mapComplexity(map([1, 1, 2, 1.9, 1, 1.4, 3, 4, 7])),
  );
});

test("complexity rises by a share of what it was", () => {
  const simple = map([0, 0, 0, 0, 0, 0, 0, 0, 1]);
  const noise = map([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  const before = -((8 / 9) * Math.log(8 / 9) + (1 / 9) * Math.log(1 / 9));
  near(complexityRise(simple, noise), (Math.log(3) - before) / before);
  near(complexityRise(simple, simple), 0);
  assert.ok(Number.isNaN(complexityRise(map([1, 1, 1, 1, 1, 1, 1, 1, 1]), noise)));
});

test("another class is drawn, any of them, and never the target", () => {
  const drawn = Array.from({ length: 200 }, (_, seed) => randomOtherClass(4, 2, seed));
  assert.deepEqual([...new Set(drawn)].sort(), [0, 1, 3]);
  assert.equal(randomOtherClass(2, 0, 5), 1);
  assert.throws(() => randomOtherClass(1, 0, 5), /number of classes/);
  assert.throws(() => randomOtherClass(3, 3, 5), /target class/);
});
