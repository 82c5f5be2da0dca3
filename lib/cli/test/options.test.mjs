import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readOptions } from "./options.mjs";

const stages = [{ name: "types" }, { name: "lint" }, { name: "unit" }, { name: "kernels", onlyInAll: true }];

describe("options of npm test", () => {
  it("runs the quick checks unless told, and every check with --all", () => {
    assert.deepEqual(readOptions([], stages), { only: new Set(["types", "lint", "unit"]), all: false });
    const every = { only: new Set(["types", "lint", "unit", "kernels"]), all: true };
    assert.deepEqual(readOptions(["--all"], stages), every);
  });
  it("takes one check or several", () => {
    assert.deepEqual(readOptions(["--only", "kernels"], stages), { only: new Set(["kernels"]), all: false });
    const both = { only: new Set(["lint", "unit"]), all: false };
    assert.deepEqual(readOptions(["--only=unit,lint"], stages), both);
    assert.deepEqual(readOptions(["--only", "unit", "--only", "lint"], stages), both);
    assert.deepEqual(readOptions(["--all", "--only", "unit"], stages), {
      only: new Set(["unit"]),
      all: true,
    });
  });
  it("shows help", () => assert.deepEqual(readOptions(["--only", "unit", "--help"], stages), { help: true }));

  for (const parameters of [["--fast"], ["unit"], ["--only"], ["--only", "units"], ["--only", "unit,"]]) {
    it(`refuses ${parameters.join(" ")} in one sentence`, () => {
      const read = readOptions(parameters, stages);
      assert.ok("mistake" in read);
      assert.match(read.mistake, /^[^\n]+\.$/);
    });
  }
});
