import assert from "node:assert/strict";
import { before, test } from "node:test";
import { poolings } from "../../attention/family/poolings";
import { startTensorFlow } from "../../node/start-tensorflow";
import { UserError } from "../../runtime/user-error";
import { readOptions } from "./options";
import { familyTables } from "./tables";

before(() => startTensorFlow());

const sizes = { channels: 16, positions: 9, classes: 3, units: 4, heads: 2, queries: 2, controlUnits: 3 };
const group = { kind: "pooling", about: "**Pooling**.", members: poolings };

test("a row has name, link to the file, formula, parameters of the layer at these sizes, and source", () => {
  const row = (channels: number) =>
    familyTables([group], { ...sizes, channels })
      .split("\n")
      .find((line) => line.includes("GatedAttention"))!
      .split("|")
      .map((cell) => cell.trim());
  const cells = row(16);
  assert.equal(
    cells[1],
    "gated attention<br>[`GatedAttention`](../../lib/attention/pooling/gated-attention.ts)",
  );
  assert.match(cells[2]!, /^\$e_i = .*\$$/);
  assert.equal(cells[4], String(2 * 16 * 4 + 4));
  assert.equal(cells[5], "[Ilse et al.\u00a02018](https://arxiv.org/abs/1802.04712)");
  assert.equal(row(1600)[4], "12,804");
});

test("mechanisms without a layer have no column of parameters", () => {
  const [mean] = poolings;
  const { build: _, ...bare } = mean!;
  assert.doesNotMatch(familyTables([{ ...group, members: [bare] }], sizes), /\| parameters/);
  assert.match(familyTables([{ ...group, members: [mean!] }], sizes), /\| parameters/);
});

test("options: write, check, help, and a sentence for what is unknown", () => {
  assert.deepEqual([[], ["--check"], ["-h"]].map(readOptions), ["write", "check", "help"]);
  assert.throws(
    () => readOptions(["--all"]),
    (error) => error instanceof UserError && /--help` lists the options/.test(error.message),
  );
});
