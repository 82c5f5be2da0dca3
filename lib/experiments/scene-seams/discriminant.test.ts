import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "../../runtime/random";
import { trainDiscriminant } from "./discriminant";

test("the discriminant ranks along the direction that separates two clouds", () => {
  const stream = randomStream(0, "clouds");
  const targets = Array.from({ length: 400 }, (_, index) => index % 2 === 0);
  const examples = targets.map((target) => [
    stream.normal() * 3 + (target ? 3 : 0),
    stream.normal(),
    7, // never changes
  ]);
  const score = trainDiscriminant(examples, targets);
  const slope = (place: number) => {
    const moved = [0, 0, 7];
    moved[place] = moved[place]! + 1;
    return score(moved) - score([0, 0, 7]);
  };
  // Least squares of ±½ on one standardised feature of separation 1: close to ¼ of a deviation's worth; the rest near 0.
  assert.ok(slope(0) > 0.05);
  assert.ok(Math.abs(slope(1)) < slope(0) / 2);
  assert.equal(slope(2), 0);
});
