import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../runtime/user-error";
import { readOptions as bench } from "./bench/options";
import { readOptions as family } from "./family/options";
import { readOptions as fuzz } from "./fuzz/options";
import { readOptions as makeCutouts } from "./make-cutouts/options";
import { readOptions as reproduce } from "./reproduce/options";

const TABLES = [{ name: "one" }, { name: "two" }] as unknown as Parameters<typeof reproduce>[1];

/** Every command that is compiled, with an option that takes a value where it has one. */
const COMMANDS: Record<string, { read: (args: string[]) => unknown; option?: string; value?: string }> = {
  bench: { read: bench, option: "--only", value: "forward-8" },
  family: { read: family },
  fuzz: { read: fuzz, option: "--seed", value: "7" },
  "make-cutouts": { read: makeCutouts, option: "--packages", value: "folder" },
  reproduce: { read: (args) => reproduce(args, TABLES), option: "--only", value: "one" },
};

for (const [name, { read, option, value }] of Object.entries(COMMANDS)) {
  test(`${name} refuses a mistake in its options in one line that names it`, () => {
    const mistakes: [string[], RegExp][] = [
      [["--chek"], /'--chek'/],
      [["-x"], /'-x'/],
      [["everything"], /'everything'/],
      [["--help=yes"], /--help/],
    ];
    if (option && value) {
      mistakes.push([[option], /argument missing/], [[option, "--help"], /ambiguous/]);
      mistakes.push([[`${option}=`], /has no value/], [[option, " "], /has no value/]);
      mistakes.push([[option, value, option, value], /given twice/]);
    }
    for (const [args, message] of mistakes) {
      assert.throws(
        () => read(args),
        (error: unknown) => {
          assert.ok(error instanceof UserError, String(error));
          assert.match(error.message, message);
          assert.match(
            error.message,
            new RegExp(`^[^\\n]*\`npm run ${name} -- --help\` lists the options\\.$`),
          );
          return true;
        },
      );
    }
  });
}

test("what --check of the bench can't take into account is refused", () => {
  for (const other of [["--profile"], ["--only", "forward-8"]]) {
    assert.throws(() => bench(["--check", ...other]), { name: "UserError", message: /^--check .*\.$/ });
  }
});
