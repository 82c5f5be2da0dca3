// The TypeScript of README is compiled and run as it stands there, on real photographs.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
// Inside the checkout, so that the packages are found.
const folder = fs.mkdtempSync(path.join(root, "node_modules", ".readme-"));
after(() => fs.rmSync(folder, { recursive: true }));

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

test("README's examples compile under strict settings and do what they say", () => {
  const readme = fs.readFileSync(path.join(root, "README.md"), "utf8");
  const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(
    ([, code]) => /** @type {string} */ (code),
  );
  assert.equal(examples.length, 2);
  const sources = examples.map((code, i) => {
    const file = path.join(folder, `example-${i + 1}.mts`);
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
  copyPhotographs();
  const run = (/** @type {number} */ example) =>
    execFileSync(process.execPath, [`example-${example}.mjs`], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  assert.match(run(1), /\[ 8, 112 \] \[ 8, 1, 196 \]/);
  const [, right] = /^([\d.]+) % of the validation photographs are right$/m.exec(run(2)) ?? [];
  assert.ok(Number(right) > 50, `${right} % is little better than guessing one class of eight`);
});
