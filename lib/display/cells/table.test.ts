import assert from "node:assert/strict";
import { test } from "node:test";
import { DataFrame } from "danfojs-node";
import { UserError } from "../../runtime/user-error";
import { htmlTable, markdownTable, showTable, terminalTable } from "./table";

const rows = [
  { regime: "linear probe", accuracy: 0.72345, images: 12, p: "< 0.001" },
  { regime: "attention | probe", accuracy: 0.8, images: 1000, p: "0.21" },
];

test("a terminal table aligns numbers at the right, with equal decimals in a column", () => {
  assert.equal(
    terminalTable(rows),
    [
      "regime             accuracy  images        p",
      "─────────────────  ────────  ──────  ───────",
      "linear probe         0.7235      12  < 0.001",
      "attention | probe    0.8000    1000     0.21",
    ].join("\n"),
  );
});

test("a Markdown table is aligned in its source, and a bar inside a cell stays in it", () => {
  assert.equal(
    markdownTable(rows),
    [
      "| regime             | accuracy | images |       p |",
      "| ------------------ | -------: | -----: | ------: |",
      "| linear probe       |   0.7235 |     12 | < 0.001 |",
      "| attention \\| probe |   0.8000 |   1000 |    0.21 |",
    ].join("\n"),
  );
});

test("intervals and differences count as numbers, names with digits do not", () => {
  const table = markdownTable([
    { a: "0.81 ± 0.02", b: "−0.01 [−0.02, 0.00]", c: "12 %", d: "2nd stage", e: "" },
  ]);
  assert.deepEqual(
    table
      .split("\n")[1]!
      .split(" ")
      .filter((cell) => cell.includes("-"))
      .map((cell) => cell.endsWith(":")),
    [true, true, true, false, false],
  );
});

test("HTML is escaped in header, cells and caption", () => {
  const html = htmlTable([{ "<i>": '<script>alert("x")</script>' }], "a & b <b>");
  assert.ok(!html.includes("<script") && !html.includes("<i>") && !html.includes("<b>"));
  assert.ok(html.includes("&lt;script&gt;alert(&quot;x&quot;)") && html.includes("a &amp; b &lt;b&gt;"));
});

test("HTML cells of number columns are right-aligned, of text columns left-aligned", () => {
  const cells = [...htmlTable(rows).matchAll(/<td style="text-align: (\w+)/g)].map((match) => match[1]);
  assert.deepEqual(cells.slice(0, 4), ["left", "right", "right", "right"]);
});

test("missing values, values off the number line and tiny numbers stay readable", () => {
  const table = terminalTable([{ a: 1.5, b: null }, { a: Number.NaN, b: 0.0000123 }, { c: true }]);
  assert.deepEqual(
    table
      .split("\n")
      .slice(2)
      .map((line) => line.trim().split(/\s+/)),
    [["1.5"], ["NaN", "1.23e-5"], ["true"]],
  );
});

test("wide characters keep the columns aligned", () => {
  const [, , first, second] = terminalTable([
    { a: "猫", n: 1 },
    { a: "ab", n: 22 },
  ]).split("\n");
  assert.equal(first, "猫   1");
  assert.equal(second, "ab  22");
});

test("a data frame of danfo is a table like its rows", () => {
  assert.equal(terminalTable(new DataFrame(rows)), terminalTable(rows));
});

test("a table without columns, and one outside a notebook, are refused", () => {
  assert.throws(() => terminalTable([]), UserError);
  assert.throws(
    () => showTable(rows),
    (error) => error instanceof UserError && /tslab/.test(error.message),
  );
});
