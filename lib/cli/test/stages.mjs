import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { libraryFolder, notebooksFolder, root } from "../setup/places.mjs";
import { checkNotebooksInBrowser } from "./browser.mjs";
import { compile } from "./compile.mjs";
import { findCoreImportFaults, findFloorFaults, findNotebookImportFaults } from "./floors.mjs";
import { checkKernels } from "./kernels.mjs";
import { checkNotebooks } from "./notebooks.mjs";
import { checkPackage } from "./package/stage.mjs";
import { checkWithNode, failed, passed } from "./stage.mjs";
import { runUnitTests } from "./unit.mjs";
import { checkWebGpu } from "./webgpu.mjs";

/** @param {string} folder @returns {Record<string, string>} the packages that its package.json lists */
function dependenciesOf(folder) {
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")).dependencies;
}

async function checkFloors() {
  const ofCore = ["@tensorflow/tfjs", ...Object.keys(dependenciesOf(libraryFolder))];
  const faults = [
    ...findFloorFaults(libraryFolder),
    ...findCoreImportFaults(libraryFolder, ofCore),
    ...findNotebookImportFaults(notebooksFolder, Object.keys(dependenciesOf(root))),
  ];
  for (const fault of faults) console.log(fault);
  return faults.length > 0 ? failed : passed;
}

/** Programs that write tables into data/reference/README.md, and with `--check` tell whether one is stale. */
const tableMakers = ["reproduce", "bench", "family"];

async function checkTables() {
  const outcome = { passed: 0, failed: 0 };
  for (const name of tableMakers) {
    const { passed, failed } = await checkWithNode([`lib/dist/cli/${name}.js`, "--check"]);
    outcome.passed += passed;
    outcome.failed += failed;
  }
  return outcome;
}

const fuzzedPrograms = 2000;

/** Random programs, compiled against eager: more than the unit tests run, and others at every run. */
async function fuzz() {
  const program = "lib/dist/cli/fuzz.js";
  if (!existsSync(path.join(root, program)))
    return { passed: 0, failed: 0, skipped: `there is no ${program}` };
  const seed = Math.floor(Math.random() * 1e6);
  console.log(`npm run fuzz -- --programs ${fuzzedPrograms} --seed ${seed}`);
  return checkWithNode([program, "--programs", String(fuzzedPrograms), "--seed", String(seed)]);
}

/**
 * The checks, in the order in which they run: what is quick and tells most comes first. `npm test` runs those
 * that are not marked `onlyInAll`; `npm run test:all` runs every one, the browser with every notebook.
 *
 * @type {import("./stage.mjs").Stage[]}
 */
export const stages = [
  { name: "types", title: "compile and type-check", needs: [], run: compile },
  {
    name: "lint",
    title: "style and formatting",
    needs: [],
    run: () =>
      checkWithNode([
        "node_modules/@biomejs/biome/bin/biome",
        "check",
        "--error-on-warnings",
        "--max-diagnostics=none",
        ".",
      ]),
  },
  {
    name: "floors",
    title: "what each folder may import, and how long a file is",
    needs: [],
    run: checkFloors,
  },
  { name: "unit", title: "unit tests", needs: ["types"], run: runUnitTests },
  { name: "webgpu", title: "WebGPU on a software adapter", needs: ["types"], run: checkWebGpu },
  {
    name: "tables",
    title: "pages, summaries and figures follow from the rows and the layers",
    needs: ["types"],
    run: checkTables,
  },
  { name: "notebooks", title: "notebooks from start to end", needs: ["types"], run: checkNotebooks },
  { name: "browser", title: "notebooks in JupyterLab", needs: ["types"], run: checkNotebooksInBrowser },
  {
    name: "package",
    title: "the packed library in other projects and on a page",
    needs: ["types"],
    run: checkPackage,
  },
  {
    name: "docs",
    title: "everything that the library shows is documented",
    needs: [],
    onlyInAll: true,
    run: () => checkWithNode(["lib/cli/docs/main.mjs"]),
  },
  {
    name: "fuzz",
    title: "random programs, compiled against eager",
    needs: ["types"],
    onlyInAll: true,
    run: fuzz,
  },
  {
    name: "kernels",
    title: "forty kernels on a busy machine",
    needs: [],
    onlyInAll: true,
    run: checkKernels,
  },
];
