import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { UserError } from "../../runtime/user-error";
import { answersIn, asDigits } from "./answer-rows";

test("answers come back from their digits, whatever they were", () => {
  const bit = fc.integer({ min: 0, max: 1 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 5 }), (scenes, things) => {
      fc.assert(
        fc.property(fc.array(bit, { minLength: scenes * things, maxLength: scenes * things }), (answers) => {
          assert.deepEqual(answersIn(asDigits(answers, scenes), scenes, things), answers);
        }),
        { numRuns: 5 },
      );
    }),
  );
});

test("the first scene of a thing is the highest bit of its digits", () => {
  assert.equal(asDigits([1, 0, 0, 0, 0, 0, 0, 1], 8), "81");
  assert.equal(asDigits([1, 0, 0, 1], 2), "21");
});

test("digits of another number of things, and what is no digits, are refused", () => {
  for (const wrong of ["81a", "8g", ""])
    assert.throws(
      () => answersIn(wrong, 8, 1),
      (error) => error instanceof UserError && /1 things/.test(error.message),
    );
});
