import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../runtime/user-error";
import { readOptions } from "./options";

test("the cache is listed unless it is said what is to be removed from it, by name or by age", () => {
  assert.deepEqual(readOptions([]), { help: false, prune: false, names: [], olderThan: undefined });
  assert.deepEqual(readOptions(["--prune", "features/abc", "runs"]).names, ["features/abc", "runs"]);
  assert.equal(readOptions(["--prune", "--older-than", "30"]).olderThan, 30);
  const refused = (args: string[], words: RegExp) =>
    assert.throws(
      () => readOptions(args),
      (error) => error instanceof UserError && words.test(error.message),
    );
  refused(["--prune"], /Say what to remove/);
  refused(["runs"], /Without --prune nothing is removed/);
  refused(["--prune", "runs", "--older-than", "3"], /not both/);
  refused(["--prune", "--older-than", "soon"], /--older-than takes a whole number/);
});
