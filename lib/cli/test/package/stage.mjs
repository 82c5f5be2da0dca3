import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { findChromium } from "../chromium.mjs";
import { withPackedLibrary } from "./pack.mjs";
import { bundlePage, openPage } from "./page.mjs";
import { compileProject, installBeside, runProject } from "./projects.mjs";

/**
 * What a stranger pays for the library beside TensorFlow.js, in bytes on disk: networks of several families and readers of every
 * common kind of weights file are in it. A page pays for what it uses.
 */
const mostBytes = 3_000_000;

/** @param {{ path: string, size: number }[]} files */
function checkFiles(files) {
  const names = files.map((file) => file.path.replaceAll("\\", "/"));
  for (const wanted of [
    "README.md",
    "LICENSE",
    "package.json",
    "dist/index.js",
    "dist/index.d.ts",
    "dist/core.js",
  ])
    assert.ok(names.includes(wanted), `the package lacks ${wanted}`);
  const unwanted = names.filter(
    (name) =>
      /\.(test|fixture|test-d)\.|\.map$|tsbuildinfo|goldens|^dist\/(cli|experiments)\//.test(name) ||
      (name.endsWith(".ts") && !name.endsWith(".d.ts")),
  );
  assert.deepEqual(unwanted, [], "the package holds what nobody outside needs");
}

/** @param {string} folder @returns {number} bytes of all files below it */
function bytesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}

/** @param {string} folder where the library was installed */
function checkCost(folder) {
  const modules = path.join(folder, "node_modules");
  const cost = ["attention-transfer", "js-sha256", "pure-rand"]
    .map((name) => bytesBelow(path.join(modules, name)))
    .reduce((sum, bytes) => sum + bytes, 0);
  console.log(`installed beside TensorFlow.js: ${(cost / 1e6).toFixed(2)} MB`);
  assert.ok(cost < mostBytes, `the library costs ${cost} bytes beside TensorFlow.js`);
  for (const heavy of ["sharp", "jsdom", "plotly.js-dist", "@tensorflow/tfjs-node-gpu"])
    assert.ok(!readdirSync(modules).includes(heavy), `installing the library brings ${heavy}`);
}

/**
 * Packs the library, takes it into blank projects as a stranger would, and opens a page with it in a browser.
 *
 * @returns {Promise<import("../stage.mjs").Outcome>}
 */
export async function checkPackage() {
  const outcome = { passed: 0, failed: 0 };
  const check = async (/** @type {string} */ what, /** @type {() => unknown} */ work) => {
    try {
      await work();
      outcome.passed += 1;
    } catch (error) {
      outcome.failed += 1;
      console.log(`✖ ${what}\n${/** @type {Error} */ (error).stack}`);
    }
  };
  await withPackedLibrary(async (packed) => {
    await check("files of the package", () => checkFiles(packed.files));
    installBeside(packed);
    await check("cost of an installation", () => checkCost(packed.folder));
    const nodeNext = { module: "nodenext", moduleResolution: "nodenext" };
    for (const type of /** @type {const} */ (["module", "commonjs"]))
      await check(`a project of ${type} kind`, () =>
        runProject(compileProject(packed.folder, type, type, "program.ts", nodeNext)),
      );
    const program = findChromium();
    installBeside(packed, ["@tensorflow/tfjs-backend-wasm"]);
    await check("a page", async () => {
      const bundler = { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"], noEmit: true };
      const project = compileProject(packed.folder, "page", "module", "page.ts", bundler);
      const { site, bytes } = await bundlePage(project);
      console.log(`the library's share of a page with additive attention: ${(bytes / 1e3).toFixed(1)} kB`);
      if (!program) return console.log("not opened: no Chromium or Chrome was found");
      const { cases, furthest } = await openPage(site, program);
      console.log(`in the browser, wasm: ${cases} cases, furthest from PyTorch ${furthest.toExponential(1)}`);
    });
  });
  return outcome;
}
