import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../runtime/user-error";
import { readOptions } from "./options";

test("programs, seed and first number are whole numbers, a thousand of seed 1 unless said otherwise", () => {
  assert.deepEqual(readOptions([]), { help: false, programs: 1000, seed: 1, first: 0 });
  const given = readOptions(["--programs", "10000", "--seed=7", "--first", "12"]);
  assert.deepEqual(given, { help: false, programs: 10000, seed: 7, first: 12 });
  assert.equal(readOptions(["-h"]).help, true);
  for (const wrong of [["--programs", "many"], ["--seed", "1.5"], ["--first", "-1"], ["--other"]])
    assert.throws(() => readOptions(wrong), UserError);
});
