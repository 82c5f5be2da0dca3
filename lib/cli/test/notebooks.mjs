import { existsSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { notebooksFolder } from "../setup/places.mjs";
import { findCommittedFaults, readNotebook } from "./notebook-rules.mjs";
import { limitSeconds, runNotebook, usualSeconds } from "./notebook-run.mjs";
import { findSizeFaults } from "./notebook-size.mjs";
import { failed } from "./stage.mjs";

/** The lessons, in reading order: names of files. */
export function listNotebooks() {
  if (!existsSync(notebooksFolder)) return [];
  return readdirSync(notebooksFolder)
    .filter((name) => name.endsWith(".ipynb"))
    .sort();
}

/**
 * Examines every notebook in turn and tells what came of each.
 *
 * @param {string[]} names
 * @param {(name: string) => Promise<string[]>} examine returns one text a fault
 * @returns {Promise<import("./stage.mjs").Outcome>} one check a notebook
 */
export async function examineEach(names, examine) {
  if (names.length === 0) {
    console.log("There is no notebook in notebooks/.");
    return failed;
  }
  const outcome = { passed: 0, failed: 0 };
  for (const name of names) {
    const startedAt = performance.now();
    showProgress(`${name}: starting`);
    const faults = await examine(name).catch((/** @type {Error} */ error) => [error.message]);
    showProgress("");
    const seconds = (performance.now() - startedAt) / 1000;
    const slow =
      seconds > usualSeconds ? `, longer than a lesson's two minutes (limit ${limitSeconds} s)` : "";
    console.log(`${faults.length > 0 ? "✖" : "✔"} ${name}: ${seconds.toFixed(0)} s${slow}`);
    for (const fault of faults) console.log(`    ${fault.replaceAll("\n", "\n    ")}`);
    outcome[faults.length > 0 ? "failed" : "passed"] += 1;
  }
  return outcome;
}

/** Overwrites the line on a terminal; a log gets nothing. @param {string} text */
function showProgress(text) {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`);
}

/** @param {string} name */
function run(name) {
  return runNotebook(path.join(notebooksFolder, name), {
    onProgress: (done, total) => showProgress(`${name}: cell ${done} of ${total}`),
  });
}

/** Executes every notebook and checks its committed outputs. Nothing in `notebooks/` is written. */
export async function checkNotebooks() {
  const names = listNotebooks();
  const sizes = names.map((name) => ({ name, bytes: statSync(path.join(notebooksFolder, name)).size }));
  const outcome = await examineEach(names, async (name) => {
    const committed = findCommittedFaults(readNotebook(path.join(notebooksFolder, name)));
    const { faults } = await run(name);
    return [...faults, ...committed.map((fault) => `As committed: ${fault}`)];
  });
  const tooLarge = findSizeFaults(sizes);
  for (const fault of tooLarge) console.log(`✖ ${fault}`);
  return { ...outcome, failed: outcome.failed + tooLarge.length };
}

/**
 * Executes notebooks and writes their outputs into them; one with a fault keeps the outputs that it had.
 *
 * @param {string[]} names
 */
export function writeNotebooks(names) {
  return examineEach(names, async (name) => {
    const { faults, executed } = await run(name);
    if (faults.length > 0) return faults;
    const file = path.join(notebooksFolder, name);
    writeFileSync(`${file}.new`, executed);
    renameSync(`${file}.new`, file);
    return [];
  });
}
