import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "../../runtime/random";
import { UserError } from "../../runtime/user-error";
import { areaUnderCurve, type ScoredItem } from "./area-under-curve";

test("the area counts pairs within groups by hand, ties half, and its interval holds it", () => {
  const item = (group: number, thing: string, isTarget: boolean, score: number): ScoredItem => ({
    group,
    thing,
    isTarget,
    score,
  });
  const items = [
    item(0, "a", true, 3),
    item(0, "b", true, 1),
    item(0, "c", false, 2),
    item(0, "d", false, 1),
    // Of another classifier: far higher, and not held against those above.
    item(1, "e", true, 100),
    item(1, "f", false, 200),
  ];
  // Above: 3 > 2, 3 > 1, half of 1 = 1; of 4 + 1 pairs.
  const { area, lower, upper } = areaUnderCurve(items, randomStream(0, "area"));
  assert.ok(Math.abs(area - 2.5 / 5) < 1e-12);
  assert.ok(lower <= area && area <= upper);
  assert.throws(() => areaUnderCurve(items.slice(0, 2), randomStream(0, "area")), UserError);
});

test("the interval covers chance in about 95 of 100 cases of things without a difference", () => {
  const stream = randomStream(1, "coverage");
  const sets = 50;
  let covered = 0;
  for (let set = 0; set < sets; set++) {
    // Things differ in how they score, whichever part they play.
    const things = Array.from({ length: 60 }, (_, index) => ({ thing: `${index}`, own: stream.normal() }));
    const items = things.flatMap(({ thing, own }) =>
      [true, true, true, false, false, false].map((isTarget) => ({
        group: 0,
        thing,
        isTarget,
        score: own + stream.normal(),
      })),
    );
    const { lower, upper } = areaUnderCurve(items, stream.child(`${set}`));
    if (lower <= 0.5 && upper >= 0.5) covered++;
  }
  assert.ok(covered >= 43, `${covered} of ${sets}`);
});
