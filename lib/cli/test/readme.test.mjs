// The TypeScript of README, of the package's README and of the pages about its groups is compiled as it stands there, and
// what needs no files of the reader's is run.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
// Inside the checkout, so that the packages are found.
const folder = fs.mkdtempSync(path.join(root, "node_modules", ".readme-"));
after(() => fs.rmSync(folder, { recursive: true }));

/** @param {string} file relative to the checkout @returns {string[]} the examples in TypeScript, as in a comment or a page */
function examplesOf(file) {
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const plain = file.endsWith(".ts") ? text.replace(/^ \* ?/gm, "") : text;
  return [...plain.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => /** @type {string} */ (code));
}

const [first] = examplesOf("README.md");
// Of the first two the second goes on from the first; the third is a program of its own.
const ofPackage = examplesOf("lib/README.md");
const groups = ["attention", "graph", "transfer", "explain", "statistics", "node"];
const ofGroups = groups.map((group) => [group, examplesOf(`lib/${group}/index.ts`)[0]]);
/** @type {Record<string, string>} */
const programs = {
  first: first ?? "",
  package: ofPackage.slice(0, 2).join("\n"),
  photographs: ofPackage[2] ?? "",
  ...Object.fromEntries(ofGroups),
};

before(() => {
  const sources = Object.entries(programs).map(([name, code]) => {
    const file = path.join(folder, `${name}.mts`);
    fs.writeFileSync(file, code);
    return file;
  });
  const compiler = path.join(root, "node_modules", "typescript", "bin", "tsc");
  const settings =
    "--ignoreConfig --module node16 --target es2022 --strict --skipLibCheck --types node".split(" ");
  const compiled = spawnSync(process.execPath, [compiler, ...settings, ...sources], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(compiled.status, 0, compiled.stdout);
});

/** @param {string} name of a program @returns {string} what it prints */
function run(name) {
  return execFileSync(process.execPath, [`${name}.mjs`], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** Some cut-outs of every class, as a reader's own folders of photographs. */
function copyPhotographs() {
  const objects = path.join(root, "data", "cutouts-in-clutter", "objects");
  for (const className of fs.readdirSync(objects)) {
    const files = fs.readdirSync(path.join(objects, className));
    for (const [part, some] of Object.entries({ train: files.slice(0, 6), validation: files.slice(6, 9) })) {
      const target = path.join(folder, "photographs", part, className);
      fs.mkdirSync(target, { recursive: true });
      for (const file of some) fs.copyFileSync(path.join(objects, className, file), path.join(target, file));
    }
  }
}

test("README's example compiles under strict settings and does what it says", () => {
  assert.match(run("first"), /\[ 8, 112 \] \[ 8, 1, 196 \]/);
});

test("the transfer of the package's README learns from folders of photographs", () => {
  copyPhotographs();
  const [, right] = /^([\d.]+) % of the validation photographs are right$/m.exec(run("photographs")) ?? [];
  assert.ok(Number(right) > 50, `${right} % is little better than guessing one class of eight`);
});

test("the other examples of the package's README do what they say, with TensorFlow.js alone", () => {
  assert.equal(ofPackage.length, 4);
  const [, loss] = /^\[ 8, 112 \] \[ 8, 1, 196 \]\nTensor\n\s*([\d.]+)$/m.exec(run("package")) ?? [];
  assert.ok(Number(loss) > 0, `a cross-entropy of ${loss}`);
});

test("each large group's page opens with an example that compiles; those that need no files do what they say", () => {
  assert.ok(ofGroups.every(([, code]) => code));
  const attention = run("attention");
  assert.match(attention, /\[ 2, 16 \] \[ 2, 1, 5 \]/);
  assert.match(attention, /, 0\s*, 0\s*\]/, "two positions are masked");
  const [, slope] = /Tensor\n\s*([\d.]+)/.exec(run("graph")) ?? [];
  assert.ok(Math.abs(Number(slope) - 3) < 0.1, `the slope is ${slope}`);
  assert.match(run("statistics"), /^0\.\d+ 0\.\d+ true 0\.\d+\n$/);
});
