import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { venvPython } from "../setup/places.mjs";
import { findOutputFaults, readNotebook, showsError, sourceDigest } from "./notebook-rules.mjs";
import { quietEnvironment } from "./stage.mjs";

const program = fileURLToPath(new URL("./execute_notebook.py", import.meta.url));

/** A lesson may take two minutes on two cores; a busy machine gets three times that before the run is stopped. */
export const usualSeconds = 120;
export const limitSeconds = 360;

/**
 * @typedef {object} NotebookRun
 * @property {string[]} faults one text a fault; none where the notebook is sound
 * @property {string} executed the notebook as it came out, in nbformat's JSON
 */

/**
 * What the run said about itself, besides the notebook that it wrote.
 *
 * @typedef {object} Story
 * @property {{ cell: number, why: string } | undefined} stopped
 * @property {Map<number, string>} stderr what the kernel wrote to stderr, by code cell; 0 is before the first
 */

/**
 * @param {Story} story
 * @param {string[]} outputFaults
 * @returns {string[]}
 */
function faultsOf({ stopped, stderr }, outputFaults) {
  if (stopped) {
    const said = [...stderr.values()].join("").trimEnd();
    return [`Stopped in code cell ${stopped.cell}: ${stopped.why}.${said ? `\n${said}` : ""}`];
  }
  // Most of what is thrown late never reaches the outputs; what did reach them is not said twice.
  const late = [...stderr]
    .filter(
      ([cell, text]) =>
        showsError(text) && !outputFaults.some((fault) => fault.startsWith(`Code cell ${cell} `)),
    )
    .map(
      ([cell, text]) => `Code cell ${cell} left an error behind that it did not wait for:\n${text.trimEnd()}`,
    );
  return [...outputFaults, ...late];
}

/**
 * Executes a notebook in a kernel of its own. The notebook's file is not touched.
 *
 * @param {string} file
 * @param {object} options
 * @param {string} [options.folder] where the kernel runs; the notebook's own folder unless told
 * @param {number} [options.limit] seconds after which it is stopped
 * @param {(done: number, total: number) => void} [options.onProgress] after every code cell
 * @returns {Promise<NotebookRun>}
 */
export async function runNotebook(
  file,
  { folder = path.dirname(file), limit = limitSeconds, onProgress } = {},
) {
  if (!existsSync(venvPython))
    throw new Error(`There is no Python at ${venvPython}: run "npm test" without "--only".`);
  const workplace = mkdtempSync(path.join(tmpdir(), "notebook-"));
  const target = path.join(workplace, path.basename(file));
  const digest = sourceDigest(readNotebook(file));
  const child = spawn(
    venvPython,
    [program, file, target, "--folder", folder, "--limit", String(limit), "--digest", digest],
    {
      // A kernel of the same name that this person has installed elsewhere must not be taken for ours.
      env: {
        ...quietEnvironment,
        JUPYTER_PREFER_ENV_PATH: "1",
        JUPYTER_RUNTIME_DIR: workplace,
        PYTHONUTF8: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  /** @type {Story} */
  const story = { stopped: undefined, stderr: new Map() };
  let complaints = "";
  child.stderr.on("data", (piece) => {
    complaints += piece;
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const told = JSON.parse(line);
    if (told.event === "cell") onProgress?.(told.done, told.of);
    if (told.event === "stopped") story.stopped = told;
    if (told.event === "stderr") story.stderr.set(told.cell, (story.stderr.get(told.cell) ?? "") + told.text);
  });
  try {
    const status = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    if (status !== 0) return { faults: [`It could not be run:\n${complaints.trimEnd()}`], executed: "" };
    const executed = readFileSync(target, "utf8");
    const faults = faultsOf(story, story.stopped ? [] : findOutputFaults(JSON.parse(executed)));
    if (story.stopped && story.stopped.why !== "error" && complaints) faults.push(complaints.trimEnd());
    return { faults, executed };
  } finally {
    rmSync(workplace, { recursive: true, force: true });
  }
}
