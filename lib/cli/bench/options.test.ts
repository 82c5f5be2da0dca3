import assert from "node:assert/strict";
import { test } from "node:test";
import { CASES } from "./cases";
import { readOptions } from "./options";

test("without options all cases are timed; --only chooses one", () => {
  assert.deepEqual(readOptions([]), { mode: "time", cases: CASES, partial: false });
  const { cases, partial } = readOptions(["--only", "forward-8"]);
  assert.deepEqual([cases.map(({ name }) => name), partial], [["forward-8"], true]);
});

test("--profile takes one step apart, and refuses what is none", () => {
  assert.equal(readOptions(["--profile"]).cases.length, 1);
  assert.equal(readOptions(["--profile", "--only", "attention-49"]).cases[0]!.name, "attention-49");
  assert.throws(() => readOptions(["--profile", "--only", "extraction"]), {
    name: "UserError",
    message: /extraction is no single step/,
  });
});

test("an unknown option or case is refused in a sentence", () => {
  assert.throws(() => readOptions(["--fast"]), { name: "UserError", message: /--fast.*--help/ });
  assert.throws(() => readOptions(["--only", "forward-9"]), {
    name: "UserError",
    message: /no case "forward-9".*forward-8/,
  });
});

test("names of cases are unique", () => {
  assert.equal(new Set(CASES.map(({ name }) => name)).size, CASES.length);
});
