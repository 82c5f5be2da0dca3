import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readOptions } from "./options.mjs";

const names = ["types", "lint", "unit"];

describe("options of npm test", () => {
  it("runs everything unless told", () => {
    assert.deepEqual(readOptions([], names), { only: new Set(names) });
  });
  it("takes one check or several", () => {
    assert.deepEqual(readOptions(["--only", "unit"], names), { only: new Set(["unit"]) });
    const both = { only: new Set(["lint", "unit"]) };
    assert.deepEqual(readOptions(["--only=unit,lint"], names), both);
    assert.deepEqual(readOptions(["--only", "unit", "--only", "lint"], names), both);
  });
  it("shows help", () => assert.deepEqual(readOptions(["--only", "unit", "--help"], names), { help: true }));

  for (const parameters of [["--fast"], ["unit"], ["--only"], ["--only", "units"], ["--only", "unit,"]]) {
    it(`refuses ${parameters.join(" ")} in one sentence`, () => {
      const read = readOptions(parameters, names);
      assert.ok("mistake" in read);
      assert.match(read.mistake, /^[^\n]+\.$/);
    });
  }
});
