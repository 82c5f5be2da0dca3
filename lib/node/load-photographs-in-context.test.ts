import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { UserError } from "../runtime/user-error";
import { dataFolder } from "./files";
import { loadPhotographsInContext } from "./load-photographs-in-context";

const original = path.join(dataFolder(), "photographs-in-context");
let copy: string;

before(() => {
  copy = fs.mkdtempSync(path.join(os.tmpdir(), "photographs-in-context-"));
  fs.cpSync(original, copy, { recursive: true });
});
after(() => fs.rmSync(copy, { recursive: true }));

test("five of the targets' classes, every photograph 224 px square and credited, its box inside", async () => {
  const { classes, photographs, digest } = await loadPhotographsInContext();
  assert.deepEqual(classes, ["bird", "flower", "furry mammal", "hoofed mammal", "tool"]);
  assert.ok(photographs.length >= 45, `${photographs.length}`);
  assert.equal(new Set(photographs.map(({ name }) => name)).size, photographs.length);
  for (const { file, image, box, ...row } of photographs) {
    assert.deepEqual([image.width, image.height, image.channels], [224, 224, 3], file);
    assert.ok(box.left >= 0 && box.top >= 0 && box.width > 0.05 && box.height > 0.05, file);
    assert.ok(box.left + box.width <= 1 + 1e-9 && box.top + box.height <= 1 + 1e-9, file);
    assert.ok(row.name && row.author && row.source && row.changes && row.group, file);
    assert.match(row.licence, /^(CC0-1\.0|public domain|CC-BY-(SA-)?[234]\.0|GPL-2\.0-or-later)$/, file);
  }
  assert.equal((await loadPhotographsInContext(copy)).digest, digest, "the same wherever it lies");
});

test("two crops of one photograph are of one group", async () => {
  const { photographs } = await loadPhotographsInContext();
  const pasture = photographs.filter(({ source }) => source.endsWith("templates/sheep.jpg"));
  assert.equal(pasture.length, 2);
  assert.equal(pasture[0]!.group, pasture[1]!.group);
});

test("what is wrong in the table, or missing, is refused with its place", async () => {
  const table = path.join(copy, "photographs.csv");
  const text = fs.readFileSync(table, "utf8");
  const refused = async (changed: string, reason: RegExp) => {
    fs.writeFileSync(table, changed);
    await assert.rejects(loadPhotographsInContext(copy), (error: unknown) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, reason);
      return true;
    });
  };
  const [header, first = "", ...rest] = text.split("\n");
  const withFirst = (row: string) => [header, row, ...rest].join("\n");
  const box = ",0.12,0.2,0.7,0.75,";
  assert.ok(first.includes(box), first);
  await refused(withFirst(first.replace(box, ",0.12,much,0.7,0.75,")), /Row 2 of .*"much".*no number/);
  await refused(withFirst(first.replace(box, ",0.5,0.2,0.7,0.75,")), /Row 2 of .*does not lie in/);
  await refused(withFirst(first.replace(box, ",0.12,,0.7,0,")), /Row 2 of .*does not lie in/);
  await refused(withFirst(first.replace(",scene,no,", ",street,no,")), /Row 2 of .*setting "street"/);
  await refused(withFirst(first.replace(",scene,no,", ",scene,maybe,")), /Row 2 of .*"maybe".*yes or no/);
  await refused([header, ...rest].join("\n"), /is in none of the tables.*licence/);
  fs.writeFileSync(table, text);
  const file = path.join(copy, "photographs", "tool", "a-hammer-on-blue.webp");
  fs.rmSync(file);
  await refused(text, /a-hammer-on-blue\.webp is missing.*git checkout/);
});
