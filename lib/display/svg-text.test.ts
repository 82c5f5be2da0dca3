import assert from "node:assert/strict";
import { test } from "node:test";
import { transformPoint } from "./svg-bounds";
import { pathLength, pointAlongPath } from "./svg-path";
import { measureText, textOutline, wrapText } from "./typeface";

test("letters have the widths of Arial, in every cut", () => {
  // Advance widths of Arial in units of 1/2048 of the size: A 1366, i 455, 0 1139, space 569; bold A 1479.
  assert.equal(measureText("i0 ", { size: 2048 }), 455 + 1139 + 569);
  assert.equal(measureText("A", { size: 2048, bold: true }), 1479);
  assert.equal(measureText("A", { size: 2048, italic: true }), 1366);
  assert.equal(measureText("", { size: 20 }), 0);
});

test("what figures of this project write has a glyph", () => {
  const missing = textOutline("\u{10ffff}", 0, 0, { size: 10 });
  for (const character of "αβσΣ∑√±×−·→≤≥≈½²³%°é–…") {
    assert.notEqual(textOutline(character, 0, 0, { size: 10 }), missing, character);
  }
});

test("outlines are valid path data where a coordinate rounds to zero", () => {
  // At this place opentype.js's own writer leaves out the space between two numbers.
  const outline = textOutline("0.8", 38.4, 4.55, { size: 13 });
  for (const command of outline.match(/[MLQCZ][^MLQCZ]*/g) ?? []) {
    const count = { M: 2, L: 2, Q: 4, C: 6, Z: 0 }[command[0] as "M"];
    const numbers = command.slice(1).split(" ").filter(Boolean).map(Number);
    assert.equal(numbers.length, count, command);
    assert.ok(numbers.every(Number.isFinite), command);
  }
});

test("text is wrapped at spaces, and a long word stays whole", () => {
  const lines = wrapText("attention pooling on frozen features", 120, { size: 14 });
  assert.ok(lines.length > 1);
  for (const line of lines) assert.ok(measureText(line, { size: 14 }) <= 120, line);
  assert.equal(lines.join(" "), "attention pooling on frozen features");
  assert.deepEqual(wrapText("EfficientNet-Lite0-features", 20, { size: 14 }), [
    "EfficientNet-Lite0-features",
  ]);
  assert.deepEqual(wrapText("a\nb", 200, { size: 14 }), ["a", "b"]);
});

test("transforms are applied from the innermost outwards", () => {
  const near = (actual: { x: number; y: number }, x: number, y: number) => {
    assert.ok(Math.abs(actual.x - x) < 1e-9 && Math.abs(actual.y - y) < 1e-9, JSON.stringify(actual));
  };
  near(transformPoint("translate(10,5) rotate(90)", { x: 2, y: 0 }), 10, 7);
  near(transformPoint("rotate(-90, 3, 3)", { x: 4, y: 3 }), 3, 2);
  near(transformPoint("scale(2) translate(1)", { x: 1, y: 1 }), 4, 2);
  near(transformPoint("matrix(0 1 -1 0 5 6)", { x: 1, y: 2 }), 3, 7);
});

test("path lengths: straight pieces exactly, a curve to a thousandth", () => {
  assert.equal(pathLength("M0,0L3,4h5v-2M100,100H90"), 5 + 5 + 2 + 10);
  assert.equal(pathLength("M0,0H4V3Z"), 12);
  // A quarter of a circle of radius 100 as the usual cubic approximation.
  const quarter = "M100,0C100,55.228475,55.228475,100,0,100";
  assert.ok(Math.abs(pathLength(quarter) - 50 * Math.PI) < 0.1);
  const middle = pointAlongPath(quarter, 25 * Math.PI);
  assert.ok(Math.abs(middle.x - 70.71) < 0.1 && Math.abs(middle.y - 70.71) < 0.1);
  assert.deepEqual(pointAlongPath("M0,0L3,4", 99), { x: 3, y: 4 });
});
