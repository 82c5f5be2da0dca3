import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { UserError } from "../runtime/user-error";
import { frozenVersusFineTuned } from "./frozen-versus-fine-tuned";
import { asCsv, readRows, staleFiles, withBlock, writeFiles } from "./table-files";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "table-files-test-"));
after(() => fs.rmSync(folder, { recursive: true }));

const says = (message: RegExp) => (error: unknown) =>
  error instanceof UserError && message.test(error.message);

const page = "# Title\n\n<!-- begin table a -->\nold\n<!-- end table a -->\n\nAfter.\n";

test("a block is replaced between its markers and nowhere else, and replacing it again changes nothing", () => {
  const once = withBlock(page, "table a", "| new |", "README.md");
  assert.equal(once, "# Title\n\n<!-- begin table a -->\n\n| new |\n\n<!-- end table a -->\n\nAfter.\n");
  assert.equal(withBlock(once, "table a", "| new |", "README.md"), once);
});

test("missing or exchanged markers are refused by the name of the file", () => {
  const exchanged = "<!-- end table a -->\n<!-- begin table a -->\n";
  for (const text of ["# Title\n", "<!-- begin table a -->\n", "<!-- end table a -->\n", exchanged]) {
    assert.throws(
      () => withBlock(text, "table a", "", "README.md"),
      says(/README\.md has no place for table a/),
    );
  }
  assert.throws(() => withBlock(page, "table b", "", "README.md"), says(/<!-- begin table b -->/));
});

test("a file is stale when it is missing or one digit of it changed; line ends of Windows don't matter", async () => {
  const [summary, missing] = [path.join(folder, "summary.csv"), path.join(folder, "missing.csv")];
  const files = new Map([
    [summary, "mean\n0.8125\n"],
    [missing, "mean\n1\n"],
  ]);
  fs.writeFileSync(summary, "mean\r\n0.8125\r\n");
  assert.deepEqual(staleFiles(files), [missing]);
  fs.writeFileSync(summary, "mean\n0.8126\n");
  assert.deepEqual(staleFiles(files), [summary, missing]);
  await writeFiles(files);
  assert.deepEqual(staleFiles(files), []);
  assert.equal(fs.readFileSync(missing, "utf8"), "mean\n1\n");
});

test("rows are read back as they were written; a file that is missing or lacks a column is named", () => {
  const file = path.join(folder, "rows.csv");
  const { columns } = frozenVersusFineTuned;
  const row = Object.fromEntries(columns.map((column, i) => [column, i === 0 ? 'a "b", c' : String(i)]));
  fs.writeFileSync(file, asCsv([row], columns));
  assert.deepEqual(readRows(frozenVersusFineTuned, file), [row]);
  fs.writeFileSync(file, "regime,pooling\nprobe,mean\n");
  assert.throws(() => readRows(frozenVersusFineTuned, file), says(/rows\.csv has no column run, repeat/));
  const absent = path.join(folder, "absent.csv");
  assert.throws(
    () => readRows(frozenVersusFineTuned, absent),
    says(/absent\.csv is missing.*npm run reproduce/),
  );
});
