import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { notebooksFolder } from "../setup/places.mjs";
import { findCommittedFaults } from "./notebook-rules.mjs";
import { limitSeconds, runNotebook, usualSeconds } from "./notebook-run.mjs";
import { failed } from "./stage.mjs";

/** The lessons, in reading order: names of files. */
export function listNotebooks() {
  if (!existsSync(notebooksFolder)) return [];
  return readdirSync(notebooksFolder)
    .filter((name) => name.endsWith(".ipynb"))
    .sort();
}

/**
 * @param {string} name
 * @returns {Promise<import("./notebook-run.mjs").NotebookRun>}
 */
async function runShowingProgress(name) {
  const show = (/** @type {string} */ text) => {
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`);
  };
  show(`${name}: starting its kernel`);
  const run = await runNotebook(path.join(notebooksFolder, name), {
    onProgress: (done, total) => show(`${name}: cell ${done} of ${total}`),
  });
  show("");
  const slow =
    run.seconds > usualSeconds ? `, longer than a lesson's two minutes (limit ${limitSeconds} s)` : "";
  console.log(`${run.faults.length > 0 ? "✖" : "✔"} ${name}: ${run.seconds.toFixed(0)} s${slow}`);
  return run;
}

/** @param {string[]} faults */
function showFaults(faults) {
  for (const fault of faults) console.log(`    ${fault.replaceAll("\n", "\n    ")}`);
}

/**
 * Executes every notebook and checks its committed outputs. Nothing in `notebooks/` is written.
 *
 * @returns {Promise<import("./stage.mjs").Outcome>}
 */
export async function checkNotebooks() {
  const names = listNotebooks();
  if (names.length === 0) {
    console.log("There is no notebook in notebooks/.");
    return failed;
  }
  const outcome = { passed: 0, failed: 0 };
  for (const name of names) {
    const committed = JSON.parse(readFileSync(path.join(notebooksFolder, name), "utf8"));
    const stale = findCommittedFaults(committed).map((fault) => `As committed: ${fault}`);
    const { faults } = await runShowingProgress(name);
    showFaults([...faults, ...stale]);
    if (faults.length + stale.length > 0) outcome.failed += 1;
    else outcome.passed += 1;
  }
  return outcome;
}

/**
 * Executes notebooks and writes their outputs into them; one with a fault keeps the outputs that it had.
 *
 * @param {string[]} names
 * @returns {Promise<number>} how many had a fault
 */
export async function writeNotebooks(names) {
  let faulty = 0;
  for (const name of names) {
    const { faults, executed } = await runShowingProgress(name);
    showFaults(faults);
    if (faults.length > 0) {
      faulty += 1;
      continue;
    }
    const file = path.join(notebooksFolder, name);
    writeFileSync(`${file}.new`, executed);
    renameSync(`${file}.new`, file);
  }
  return faulty;
}
