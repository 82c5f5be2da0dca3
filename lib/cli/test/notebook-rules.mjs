import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { root } from "../setup/places.mjs";

/**
 * The parts of Jupyter's notebook format (nbformat 4.5) that the rules look at.
 *
 * @typedef {object} Output
 * @property {"stream" | "error" | "display_data" | "execute_result"} output_type
 * @property {string} [name] of a stream
 * @property {string | string[]} [text] of a stream
 * @property {Record<string, unknown>} [data] one entry a MIME type
 * @property {string[]} [traceback] of an error
 *
 * @typedef {object} Cell
 * @property {"code" | "markdown" | "raw"} cell_type
 * @property {string | string[]} source
 * @property {Output[]} [outputs]
 * @property {number | null} [execution_count]
 *
 * @typedef {object} Notebook
 * @property {Cell[]} cells
 * @property {{ kernelspec?: { name: string }, executed_source_sha256?: string }} metadata
 */

/** @param {string | string[] | undefined} text */
const joined = (text) => [text ?? ""].flat().join("");

/**
 * @param {string} file
 * @returns {Notebook}
 */
export function readNotebook(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${path.relative(root, file)} is no notebook: ${/** @type {Error} */ (error).message}`);
  }
}

/**
 * The cells that run: code that is not blank. "Code cell 3" in a message is the third of these.
 *
 * @param {Notebook} notebook
 */
function codeCells(notebook) {
  return notebook.cells.filter((cell) => cell.cell_type === "code" && joined(cell.source).trim() !== "");
}

/**
 * The digest of all code of a notebook. Outputs are stored with it, so that outputs of other code are noticed.
 *
 * @param {Notebook} notebook
 * @returns {string} SHA-256, hexadecimal
 */
export function sourceDigest(notebook) {
  const sources = codeCells(notebook).map((cell) => joined(cell.source));
  return createHash("sha256").update(JSON.stringify(sources)).digest("hex");
}

/**
 * Does what tslab 1.0.22 wrote to stderr tell of an error? It sends no "error" output for any: what the compiler
 * refuses begins with its place in the cell, what a cell throws comes with Node's stack, and what is thrown outside
 * a cell has a name of its own.
 *
 * @param {string} text
 */
export function showsError(text) {
  return (
    /^(\S+ )?\d+:\d+ - /m.test(text) ||
    /^(UnhandledPromiseRejection|UncaughtException|unexpected error):/m.test(text) ||
    /^\s+at .*(:\d+:\d+\)?|\(<anonymous>\)|\(index \d+\))$/m.test(text)
  );
}

/** Is there code apart from comments? @param {string} source */
function doesSomething(source) {
  return (
    source
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/^\s*\/\/.*$/gm, "")
      .trim() !== ""
  );
}

/**
 * All text in a value of any depth.
 *
 * @param {unknown} value
 * @returns {string[]}
 */
function textsIn(value) {
  if (typeof value === "string") return [value];
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsIn);
  return [];
}

/** Folders of one person's machine. A path in a web address is none. */
const personalFolder =
  /(?:file:\/\/|(?<![\w.:/-]))(?:\/(?:home|Users)\/[\w.-]+|\/root\/|[A-Z]:\\Users\\[\w.-]+)/;

/**
 * @param {Output} output
 * @returns {string | undefined} the folder of this machine, or of another, that an output gives away
 */
function folderGivenAway(output) {
  const data = Object.entries(output.data ?? {}).filter(([type]) => !/^image\/(png|jpeg)$/.test(type));
  const texts = textsIn([output.text, output.traceback, data.map(([, value]) => [value].flat())]);
  // A home folder "/" would be found in every web address.
  const ours = [root, homedir() + path.sep].filter((folder) => folder.length > 2);
  for (const text of texts) {
    const found = ours.find((folder) => text.includes(folder)) ?? text.match(personalFolder)?.[0];
    if (found) return found;
  }
  return undefined;
}

/** From so many characters in base 64 on a piece of an output is a picture or the like. */
const longBase64 = /[A-Za-z0-9+/]{2000,}/g;

/**
 * A picture in one output under two types makes a notebook twice as heavy.
 *
 * @param {Output} output
 * @returns {boolean} whether two of its types hold the same bytes
 */
function storesTwice(output) {
  const seen = new Set();
  for (const value of Object.values(output.data ?? {})) {
    const pieces = new Set(textsIn([value]).join("").replaceAll("\n", "").match(longBase64) ?? []);
    for (const piece of pieces) {
      if (seen.has(piece)) return true;
      seen.add(piece);
    }
  }
  return false;
}

/**
 * What is wrong with the outputs of a notebook, freshly made or committed.
 *
 * @param {Notebook} notebook
 * @returns {string[]} one sentence a fault
 */
export function findOutputFaults(notebook) {
  const cells = codeCells(notebook);
  const ran = cells.filter((cell) => typeof cell.execution_count === "number");
  if (!ran.some((cell) => doesSomething(joined(cell.source)))) return ["No code was run."];
  const faults = cells.flatMap((cell, index) => {
    const name = `Code cell ${index + 1}`;
    const found = [];
    for (const output of cell.outputs ?? []) {
      const text = joined(output.text);
      const thrown = output.output_type === "stream" && output.name === "stderr" && showsError(text);
      if (output.output_type === "error") found.push(`${name} failed:\n${joined(output.traceback)}`);
      if (thrown) found.push(`${name} shows an error:\n${text.trimEnd()}`);
      const folder = folderGivenAway(output);
      if (folder) found.push(`${name} shows a folder of one machine in its output: ${folder}`);
      if (storesTwice(output)) found.push(`${name} has a picture twice in one output.`);
    }
    return found;
  });
  const idle = cells.flatMap((cell, index) => (ran.includes(cell) ? [] : [index + 1]));
  if (idle.length > 0) faults.push(`Code cells that were not run: ${idle.join(", ")}.`);
  return faults;
}

/**
 * What is wrong with a notebook as it is committed, before anything is run.
 *
 * @param {Notebook} notebook
 * @returns {string[]} one sentence a fault
 */
export function findCommittedFaults(notebook) {
  const remedy = 'run "npm run notebooks" and commit what it writes.';
  const faults = [];
  if (notebook.metadata.kernelspec?.name !== "tslab") faults.push("Its kernel is not tslab.");
  const cells = codeCells(notebook);
  if (!cells.some((cell) => (cell.outputs ?? []).length > 0))
    return [...faults, `It has no outputs: ${remedy}`];
  if (notebook.metadata.executed_source_sha256 !== sourceDigest(notebook)) {
    return [...faults, `Its outputs were made by other code than it holds now: ${remedy}`];
  }
  return [...faults, ...findOutputFaults(notebook)];
}
