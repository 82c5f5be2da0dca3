import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { breakLines } from "./wrapping";

/** Lines of at most `width` UTF-16 units. */
const wrap = (text: string, width: number) => breakLines(text, (line) => line.length <= width);

test("text is broken at its spaces, and at its own line breaks", () => {
  assert.deepEqual(wrap("attention pooling on frozen features", 18), [
    "attention pooling",
    "on frozen features",
  ]);
  assert.deepEqual(wrap("a\nb", 20), ["a", "b"]);
  assert.deepEqual(wrap("", 20), [""]);
  // A hyphenated word that fits on the next line stays whole.
  assert.deepEqual(wrap("the EfficientNet-Lite0", 18), ["the", "EfficientNet-Lite0"]);
});

test("a word longer than a line is broken at a mark inside it, else between two characters", () => {
  assert.deepEqual(wrap("EfficientNet-Lite0-features", 13), ["EfficientNet-", "Lite0-", "features"]);
  assert.deepEqual(wrap("models/lite0_head.safetensors", 13), ["models/lite0_", "head.", "safetensors"]);
  assert.deepEqual(wrap("see abcdefghijkl", 5), ["see", "abcde", "fghij", "kl"]);
  // An accent stays on its letter, and the parts of an emoji together.
  assert.deepEqual(wrap("e\u0301e\u0301e\u0301", 4), ["e\u0301e\u0301", "e\u0301"]);
  assert.deepEqual(wrap("👩‍🔬👩‍🔬", 3), ["👩‍🔬", "👩‍🔬"]);
});

test("scripts without spaces are broken between words; closing marks stay with what stands before them", () => {
  assert.deepEqual(wrap("考拉在桉树上睡觉。", 4), ["考拉在", "桉树上", "睡觉。"]);
  assert.deepEqual(wrap("「注意」の機構", 4), ["「注意」", "の機構"]);
  const thai = "ความสนใจในการเรียนรู้";
  const lines = wrap(thai, 10);
  assert.equal(lines.join(""), thai);
  assert.ok(
    lines.every((line) => !/^\p{M}/u.test(line)),
    lines.join("|"),
  );
});

test("no line is too long, nothing is lost, and no character is taken apart", () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom(" ", "-", "/", "(", ")", "。", "ก", "ี", "木", "ア", "ب"),
      fc.string({ minLength: 1, maxLength: 3 }),
    ),
    maxLength: 60,
  });
  fc.assert(
    fc.property(text, fc.integer({ min: 12, max: 30 }), (given, width) => {
      const lines = wrap(given, width);
      for (const line of lines) assert.ok(line.length <= width, JSON.stringify(line));
      assert.equal(lines.join("").replace(/\s/g, ""), given.replace(/\s/g, ""));
    }),
    { numRuns: 300 },
  );
});
