import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { nodeModules, root } from "../../setup/places.mjs";
import { npm } from "./pack.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const compiler = path.join(nodeModules, "typescript", "bin", "tsc");

/** What every project here is compiled with beside its kind of modules. */
const strict = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  target: "es2022",
  types: [],
  // TensorFlow.js's own declarations do not pass, whoever uses them.
  skipLibCheck: true,
};

/**
 * Installs the packed library beside nothing but TensorFlow.js, in a folder whose sub-folders are then projects.
 *
 * @param {import("./pack.mjs").Packed} packed
 * @param {string[]} more packages beside it
 */
export function installBeside({ folder, archive }, more = []) {
  const { dependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "strangers", private: true }));
  const packages = ["@tensorflow/tfjs", ...more].map((name) => `${name}@${dependencies[name]}`);
  npm(folder, [
    "install",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    archive,
    ...packages,
  ]);
}

/**
 * @param {string} folder where the library was installed
 * @param {string} name of the project
 * @param {"module" | "commonjs"} type
 * @param {string} program file beside this one
 * @param {object} settings of the compiler
 * @returns {string} the project's folder, compiled
 */
export function compileProject(folder, name, type, program, settings) {
  const project = path.join(folder, name);
  mkdirSync(project);
  writeFileSync(path.join(project, "package.json"), JSON.stringify({ name, private: true, type }));
  copyFileSync(path.join(here, program), path.join(project, program));
  const options = { compilerOptions: { ...strict, ...settings }, files: [program] };
  writeFileSync(path.join(project, "tsconfig.json"), JSON.stringify(options));
  try {
    execFileSync(process.execPath, [compiler, "-p", "."], { cwd: project, encoding: "utf8" });
  } catch (error) {
    const { stdout } = /** @type {{ stdout: string }} */ (error);
    throw new Error(`${program} does not compile as a ${name} project:\n${stdout}`);
  }
  return project;
}

/** @param {string} project whose program.ts was compiled */
export function runProject(project) {
  const text = execFileSync(process.execPath, ["program.js"], {
    cwd: project,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { backend, shapes, sums, learned, refused } = JSON.parse(text.slice(text.lastIndexOf("\n{") + 1));
  assert.equal(backend, "cpu");
  assert.deepEqual(shapes, [
    [6, 3],
    [6, 1, 5],
  ]);
  assert.deepEqual(sums, [1, 1, 1, 1, 1, 1]);
  assert.ok(learned, "the compiled step did not learn");
  assert.ok(refused, "a missing photograph, or sharp, is not refused by a UserError");
}
