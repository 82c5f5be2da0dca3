import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { partWith } from "./photographs-in-context";

test("a box in the middle leaves the square in the middle, one at an edge draws it there", () => {
  const photograph = { width: 300, height: 200 };
  const middle = partWith(photograph, { left: 0.4, top: 0.25, width: 0.2, height: 0.5 }, false);
  assert.deepEqual(middle.part, { left: 50, top: 0, width: 200, height: 200 });
  for (const [name, expected] of Object.entries({ left: 0.35, top: 0.25, width: 0.3, height: 0.5 }))
    assert.ok(Math.abs(middle.box[name as "left"] - expected) < 1e-9, name);
  assert.equal(partWith(photograph, { left: 0.7, top: 0, width: 0.3, height: 1 }, false).part.left, 100);
  assert.equal(partWith(photograph, { left: 0.1, top: 0, width: 0.3, height: 1 }, false).part.left, 30);
});

test("a box longer than the square makes the part longer, unless the thing fills the photograph", () => {
  const tall = { width: 100, height: 300 };
  const box = { left: 0, top: 0.1, width: 1, height: 0.8 };
  const long = partWith(tall, box, false);
  assert.deepEqual(long.part, { left: 0, top: 30, width: 100, height: 240 });
  assert.deepEqual(long.box, { left: 0, top: 0, width: 1, height: 1 });
  const cut = partWith(tall, box, true);
  assert.deepEqual(cut.part, { left: 0, top: 100, width: 100, height: 100 });
  assert.deepEqual(cut.box, { left: 0, top: 0, width: 1, height: 1 });
});

test("the part lies in the photograph and has the whole box inside", () => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });
  const sides = fc.record({
    width: fc.integer({ min: 20, max: 900 }),
    height: fc.integer({ min: 20, max: 900 }),
  });
  fc.assert(
    fc.property(sides, fc.tuple(fraction, fraction, fraction, fraction), (photograph, [x, y, w, h]) => {
      const given = { left: x, top: y, width: w * (1 - x), height: h * (1 - y) };
      const { part, box } = partWith(photograph, given, false);
      assert.ok(part.left >= 0 && part.left + part.width <= photograph.width);
      assert.ok(part.top >= 0 && part.top + part.height <= photograph.height);
      assert.ok(Math.min(part.width, part.height) === Math.min(photograph.width, photograph.height));
      assert.ok(box.left >= 0 && box.top >= 0 && box.left + box.width <= 1 + 1e-9);
      // The part begins at a whole pixel, which may cost a fraction of one.
      assert.ok(Math.abs(box.width * part.width - given.width * photograph.width) < 1);
      assert.ok(Math.abs(box.height * part.height - given.height * photograph.height) < 1);
    }),
  );
});
