import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../runtime/user-error";
import { readOptions, SCENES_PER_GROUP } from "./options";

test("without options the committed number of scenes is tried", () => {
  assert.deepEqual(readOptions([]), { help: false, scenesPerGroup: SCENES_PER_GROUP });
  assert.equal(readOptions(["--scenes", "40"]).scenesPerGroup, 40);
  assert.equal(readOptions(["-h"]).help, true);
});

test("a number of scenes that is none, too small or too large is refused", () => {
  for (const text of ["9", "100001", "1e3", "-5", "many"])
    assert.throws(
      () => readOptions([`--scenes=${text}`]),
      (error: unknown) => error instanceof UserError && error.message.includes(text),
    );
});
