import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { projectFolder } from "../node/files";

// A checkout of its own, as far as the command looks at it, so that files can be changed.
const checkout = fs.mkdtempSync(path.join(os.tmpdir(), "reproduce-test-"));
const table = "data/reference/frozen-versus-fine-tuned";
const page = "data/reference/README.md";

before(() => {
  const compiled = (file: string) => !/\.test\.js$|\.map$|\.d\.ts$/.test(file);
  fs.cpSync(path.join(projectFolder(), "lib", "dist"), path.join(checkout, "lib", "dist"), {
    recursive: true,
    filter: compiled,
  });
  fs.mkdirSync(path.join(checkout, "notebooks"));
  copy("lib/package.json");
  copy("data/reference");
  copy("README.md");
  fs.symlinkSync(path.join(projectFolder(), "node_modules"), path.join(checkout, "node_modules"), "junction");
});
after(() => fs.rmSync(checkout, { recursive: true }));

function copy(place: string): void {
  fs.cpSync(path.join(projectFolder(), place), path.join(checkout, place), { recursive: true });
}

function reproduce(...args: string[]) {
  const script = path.join(checkout, "lib", "dist", "cli", "reproduce.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

/** The command must fail with one line on standard error, without a stack. */
function refuses(args: string[], message: RegExp): void {
  const { status, stderr } = reproduce(...args);
  assert.equal(status, 1);
  assert.match(stderr, message);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  assert.doesNotMatch(stderr, /^\s+at |Error:/m);
}

/** Runs `body` while a file of the checkout holds something else. */
function withChanged(file: string, change: (text: string) => string, body: () => void): void {
  const place = path.join(checkout, file);
  const text = fs.readFileSync(place, "utf8");
  const changed = change(text);
  assert.notEqual(changed, text, `nothing was changed in ${file}`);
  fs.writeFileSync(place, changed);
  try {
    body();
  } finally {
    fs.writeFileSync(place, text);
  }
}

/** Changes the first decimal that follows `after`. */
const anotherDigit = (after: string) => (text: string) => {
  const start = text.indexOf(after);
  assert.ok(start >= 0, after);
  const digit = text.slice(start).search(/\.\d/) + start + 1;
  return `${text.slice(0, digit)}${(Number(text[digit]) + 1) % 10}${text.slice(digit + 1)}`;
};

test("--help says what the command does and what it takes", () => {
  const { status, stdout, stderr } = reproduce("--help");
  assert.equal(status, 0, stderr);
  for (const option of ["--only NAME", "--check"]) assert.ok(stdout.includes(option), option);
});

test("a mistake in the options ends in one sentence that names it", () => {
  refuses(["--chek"], /^Unknown option '--chek'\. .*--help/);
  refuses(["--only", "--check"], /^Option '--only' argument is ambiguous\. .*--help/);
  refuses(["everything"], /^Unexpected argument 'everything'\. .*--help/);
  refuses(
    ["--only", "no-such-table"],
    /^There is no table "no-such-table"\. .*: frozen-versus-fine-tuned, explanations\.$/m,
  );
});

test("--check passes on what is committed, and where line ends are those of Windows", () => {
  const { status, stdout, stderr } = reproduce("--check");
  assert.equal(status, 0, stderr);
  for (const name of ["frozen-versus-fine-tuned", "explanations"]) {
    assert.ok(stdout.includes(`${name}: pages, summaries and figure follow from the rows.\n`), name);
  }
  const windows = (text: string) => text.replaceAll("\n", "\r\n");
  withChanged(page, windows, () =>
    withChanged(`${table}-summary.csv`, windows, () => {
      assert.equal(reproduce("--check").stderr, "");
    }),
  );
});

test("--check finds every file of which one digit was changed, and rows that were changed", () => {
  const follow = (files: string[]) =>
    new RegExp(`^${files.join(", ").replaceAll("/", "[/\\\\]")} don't follow from .*npm run reproduce`);
  const [summary, comparisons, figure] = ["-summary.csv", "-comparisons.csv", ".svg"].map(
    (end) => table + end,
  );
  const everything = follow([summary!, comparisons!, page, figure!]);
  withChanged(page, anotherDigit("| middle-layer probe"), () =>
    withChanged(summary!, anotherDigit("\n"), () =>
      withChanged(comparisons!, anotherDigit("\n"), () =>
        withChanged(figure!, anotherDigit("<path"), () => refuses(["--check"], everything)),
      ),
    ),
  );
  withChanged(`${table}.csv`, anotherDigit("\nprobe,attention"), () => refuses(["--check"], everything));
});

test("--check looks at every table, and at one where one is named", () => {
  withChanged("data/reference/explanations.csv", anotherDigit("\nprobe,attention"), () => {
    refuses(
      ["--check"],
      /^data.reference.explanations-summary\.csv.* don't follow from data.reference.explanations\.csv/,
    );
    refuses(["--check", "--only", "explanations"], /explanations\.csv/);
    const { status, stdout } = reproduce("--check", "--only", "frozen-versus-fine-tuned");
    assert.equal(status, 0);
    assert.doesNotMatch(stdout, /explanations/);
  });
});

test("--check names the file whose rows are missing, broken or gone", () => {
  const rows = `${table}.csv`;
  const lastRowGone = (text: string) => `${text.trimEnd().split("\n").slice(0, -1).join("\n")}\n`;
  withChanged(rows, lastRowGone, () =>
    refuses(["--check"], /^data.reference.frozen-versus-fine-tuned\.csv: The rows of .*npm run reproduce/),
  );
  const cut = (text: string) => text.trimEnd().slice(0, text.trimEnd().lastIndexOf(","));
  withChanged(rows, cut, () =>
    refuses(["--check"], /^Row 81 of .*frozen-versus-fine-tuned\.csv has 7 fields/),
  );
  withChanged(
    page,
    (text) => text.replace("<!-- begin table", "<!-- table"),
    () => refuses(["--check"], /README\.md has no place for table frozen-versus-fine-tuned/),
  );
  fs.rmSync(path.join(checkout, rows));
  refuses(["--check"], /frozen-versus-fine-tuned\.csv is missing\. Run `npm run reproduce`/);
  copy(rows);
  fs.rmSync(path.join(checkout, page));
  refuses(["--check"], /README\.md is missing.*git checkout -- data\/reference\/README\.md/);
});
