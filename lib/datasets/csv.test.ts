import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../runtime/user-error";
import { formatCsv, parseCsv, requireNumbers } from "./csv";

test("what is written is read again: commas, quotes, line breaks, empty fields", () => {
  const rows = [
    { file: "a.webp", name: 'A "Fuji" apple, red' },
    { file: "", name: "two\nlines" },
    { file: "b", name: "" },
  ];
  assert.deepEqual(parseCsv(formatCsv(["file", "name"], rows), "x.csv", ["file", "name"]), rows);
});

test("line ends of Windows, a byte order mark and a missing last line end are put up with", () => {
  assert.deepEqual(parseCsv("\uFEFFa,b\r\n1,2\r\n3,4", "x.csv", ["a", "b"]), [
    { a: "1", b: "2" },
    { a: "3", b: "4" },
  ]);
});

test("a missing column, a short row and an open quote are refused, with the file's name", () => {
  const refused = (text: string, reason: RegExp) =>
    assert.throws(
      () => parseCsv(text, "objects.csv", ["a", "b"]),
      (error: unknown) =>
        error instanceof UserError && error.message.includes("objects.csv") && reason.test(error.message),
    );
  refused("a,c\n1,2\n", /no column b/);
  refused("", /no column a, b/);
  refused("a,b\n1,2\n3\n", /Row 3/);
  refused('a,b\n1,"2\n', /quote/);
});

test("a field that should be a number is refused by its row and column; an empty one stands for none", () => {
  const columns = ["name", "share"] as const;
  const read = (share: string) => parseCsv(`name,share\na,0.5\nb,${share}\n`, "shares.csv", columns);
  for (const share of ["1", "-2.5e-3", ""]) requireNumbers(read(share), ["share"], "shares.csv");
  for (const share of ["many", "NaN", "1e999", " ", "1,5".replace(",", ";")]) {
    assert.throws(
      () => requireNumbers(read(share), ["share"], "shares.csv"),
      (error) => error instanceof UserError && /Row 3 of shares\.csv .* column share/.test(error.message),
      share,
    );
  }
});
