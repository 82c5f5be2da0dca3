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
const rows = "data/reference/answers/frozen-versus-fine-tuned.csv";
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
  copy("data/photographs-in-context/photographs.csv");
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

/** Turns all answers of a run with attention on middle layers around. */
function otherAnswers(text: string): string {
  const inverted = (digits: string) =>
    [...digits].map((digit) => (15 - Number.parseInt(digit, 16)).toString(16)).join("");
  return text.replace(
    /(middle-layer probe,attention,.*,)([0-9a-f]{40,})(?=,)/,
    (_, before, digits) => before + inverted(digits),
  );
}

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
    /^There is no table "no-such-table"\. .*: frozen-versus-fine-tuned, poolings, explanations-and-causes\.$/m,
  );
  refuses(["--again"], /^Option '--again' needs '--all' or '--only'\. .*--help/);
  refuses(["--all", "--only", "poolings"], /^Options '--only' and '--all' exclude each other\./);
  refuses(["--check", "--all"], /^Option '--check' computes nothing, anew or not\./);
});

test("--check passes on what is committed, and where line ends are those of Windows", () => {
  const { status, stdout, stderr } = reproduce("--check");
  assert.equal(status, 0, stderr);
  for (const name of ["frozen-versus-fine-tuned", "poolings", "explanations-and-causes"]) {
    assert.ok(stdout.includes(`${name}: pages, summaries and figure follow from the rows.\n`), name);
  }
  assert.match(stdout, /frozen-versus-fine-tuned: no git history is here that says whether/);
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
  const tables = ["-summary", "-comparisons", "-surface", "-surface-hidden"].map(
    (end) => `${table}${end}.csv`,
  );
  const figures = ["", "-surface", "-surface-hidden"].map((end) => `${table}${end}.svg`);
  const everything = follow([...tables, page, "README.md", ...figures]);
  const changes = [
    ...tables.map((file) => [file, anotherDigit("\n")] as const),
    [page, anotherDigit("| middle-layer probe")] as const,
    ["README.md", anotherDigit("begin finding")] as const,
    ...figures.map((file) => [file, anotherDigit("<path")] as const),
  ];
  const allChanged = changes.reduceRight(
    (body, [file, change]) =>
      () =>
        withChanged(file, change, body),
    () => refuses(["--check"], everything),
  );
  allChanged();
  withChanged(rows, otherAnswers, () => refuses(["--check"], everything));
});

test("--check looks at every table, and at one where one is named", () => {
  const explained = "data/reference/answers/explanations-and-causes.csv";
  withChanged(explained, anotherDigit('"last stage, attention"'), () => {
    refuses(
      ["--check"],
      /^data.reference.explanations-and-causes-summary\.csv.* don't follow from data.reference.answers.explanations-and-causes\.csv/,
    );
    refuses(["--check", "--only", "explanations-and-causes"], /explanations-and-causes\.csv/);
    const { status, stdout } = reproduce("--check", "--only", "frozen-versus-fine-tuned");
    assert.equal(status, 0);
    assert.doesNotMatch(stdout, /explanations/);
  });
});

test("--check names the file whose rows are missing, broken or gone", () => {
  const mostGone = (text: string) => `${text.split("\n").slice(0, 80).join("\n")}\n`;
  withChanged(rows, mostGone, () =>
    refuses(["--check"], /^data.reference.answers.frozen-versus-fine-tuned\.csv: Rows of 1 whole repeats/),
  );
  const cut = (text: string) => text.trimEnd().slice(0, text.trimEnd().lastIndexOf(","));
  withChanged(rows, cut, () =>
    refuses(["--check"], /^Row \d+ of .*frozen-versus-fine-tuned\.csv has 14 fields/),
  );
  withChanged(
    page,
    (text) => text.replace("<!-- begin table", "<!-- table"),
    () => refuses(["--check"], /README\.md has no place for table frozen-versus-fine-tuned/),
  );
  fs.rmSync(path.join(checkout, rows));
  // What follows from the rows says that there were some.
  refuses(["--check"], /frozen-versus-fine-tuned\.csv is missing\. Run `npm run reproduce`/);
  copy(rows);
  fs.rmSync(path.join(checkout, page));
  refuses(["--check"], /README\.md is missing.*git checkout -- data\/reference\/README\.md/);
});
