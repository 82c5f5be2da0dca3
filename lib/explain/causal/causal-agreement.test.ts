import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../runtime/user-error";
import { boxMask } from "../localisation/object-mask";
import { selectivity } from "../localisation/selectivity";
import type { RelevanceMap } from "../question";
import { causalAgreement } from "./causal-agreement";

const map = (values: number[]): RelevanceMap => ({ map: Float32Array.from(values), rows: 2, columns: 4 });
const box = (left: number, top: number, width: number, height: number) =>
  boxMask({ left, top, width, height }, 4, 2);
// Columns 0, 1 of the upper row are the target; column 3 is a distractor; the rest is background.
const target = box(0, 0, 2, 1);
const distractor = box(3, 0, 1, 2);
const background = {
  ...target,
  data: target.data.map((value, i) => 255 - value - distractor.data[i]!),
};
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);
const parts = (...worths: [number, number, number]) =>
  [target, distractor, background].map((mask, i) => ({ mask, worth: worths[i]! }));

test("masses, ranks and overlap agree with a calculation by hand", () => {
  // Of 20: target 5 + 3, distractor 2 + 2, background 4 + 1 + 1 + 2.
  const explanation = map([5, 3, 4, 2, 1, 1, 2, 2]);
  const found = causalAgreement(explanation, parts(3, -1, 1));
  [0.4, 0.2, 0.4].forEach((mass, i) => {
    near(found.masses[i]!, mass);
  });
  // Per area 0.4/2, 0.2/2, 0.4/4 in eighths: the last two tie for rank 1.5; worths rank 3, 1, 2.
  near(found.rankPerArea, 1.5 / Math.sqrt(1.5 * 2));
  // In sum target and background tie for rank 2.5.
  near(found.rankInSum, 1.5 / Math.sqrt(1.5 * 2));
  // Worths are shared out 3/4, 0, 1/4.
  near(found.overlap, 0.4 + 0 + 0.25);
});

test("a map as the worths are is at 1 by every score, one against them at −1 and 0", () => {
  const right = causalAgreement(map([3, 3, 0.5, 0, 0.5, 0.5, 0.5, 0]), parts(3, -1, 1));
  near(right.rankPerArea, 1);
  near(right.overlap, 1);
  const wrong = causalAgreement(map([0, 0, 0, 1, 0, 0, 0, 1]), parts(-1, 3, -1));
  near(wrong.overlap, 1);
  const opposite = causalAgreement(map([0, 0, 0, 1, 0, 0, 0, 1]), parts(2, -1, 0));
  near(opposite.overlap, 0);
});

test("what has no answer is NaN: parts worth the same, or nothing", () => {
  const explanation = map([5, 3, 4, 2, 1, 1, 2, 2]);
  assert.ok(Number.isNaN(causalAgreement(explanation, parts(1, 1, 1)).rankPerArea));
  assert.ok(Number.isNaN(causalAgreement(explanation, parts(-1, -2, 0)).overlap));
});

test("a single part, an empty mask and a worth that is no number are refused", () => {
  const explanation = map([5, 3, 4, 2, 1, 1, 2, 2]);
  const refused = (of: ReturnType<typeof parts>, message: RegExp) =>
    assert.throws(
      () => causalAgreement(explanation, of),
      (error) => error instanceof UserError && message.test(error.message),
    );
  refused(parts(1, 2, 3).slice(0, 1), /two or more/);
  refused(parts(1, Number.NaN, 3), /must be finite/);
  refused([...parts(1, 2, 3), { mask: { ...target, data: new Uint8Array(8) }, worth: 1 }], /mask is empty/);
});

test("selectivity is the target's mass per area over that and the distractors'", () => {
  // 8/2 on the target against 4/2 on the distractor.
  near(selectivity(map([5, 3, 4, 2, 1, 1, 2, 2]), target, distractor), 4 / 6);
  near(selectivity(map([1, 1, 1, 1, 1, 1, 1, 1]), target, distractor), 0.5);
  near(selectivity(map([1, 1, 0, 0, 0, 0, 0, 0]), target, distractor), 1);
  near(selectivity(map([0, 0, 0, 0, 1, 0, 0, 0]), target, distractor), 0.5);
  assert.throws(() => selectivity(map(new Array(8).fill(1)), target, { ...target, data: new Uint8Array(8) }));
});
