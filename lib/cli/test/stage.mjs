import { spawn } from "node:child_process";
import { childEnvironment } from "../setup/child-environment.cjs";
import { root } from "../setup/places.mjs";

/**
 * What a stage of the checks came to. Every check counts once: a compile, a unit test, a notebook.
 *
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {string} [skipped] why the stage did not run
 */

/**
 * How much is asked for: a stage may be quick in one and thorough in the other.
 *
 * @typedef {{ all: boolean }} Scope
 */

/**
 * @typedef {object} Stage
 * @property {string} name what `--only` calls it
 * @property {string} title what it checks, for the heading
 * @property {string[]} needs names of the stages without whose success it makes no sense
 * @property {boolean} [onlyInAll] whether it is left out of the quick set, `npm test`
 * @property {(scope: Scope) => Promise<Outcome>} run prints its own failures in full
 */

/** One check that passed. @type {Outcome} */
export const passed = { passed: 1, failed: 0 };

/** One check that failed. @type {Outcome} */
export const failed = { passed: 0, failed: 1 };

/** Keeps TensorFlow's log to errors, and Node's notices of deprecation out of the reports. */
export const quietEnvironment = childEnvironment({ TF_CPP_MIN_LOG_LEVEL: "2", NODE_NO_WARNINGS: "1" });

/**
 * Runs a program in the checkout and collects what it writes, both streams in the order they came.
 *
 * @param {string} program
 * @param {string[]} parameters
 * @returns {Promise<{ status: number, text: string }>} status 1 where a signal ended it
 */
function collect(program, parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { cwd: root, env: quietEnvironment });
    let text = "";
    const keep = (/** @type {Buffer} */ piece) => {
      text += piece;
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", reject);
    child.on("close", (status) => resolve({ status: status ?? 1, text }));
  });
}

/**
 * Runs a JavaScript program with this Node as one check; its output is shown if it fails.
 *
 * @param {string[]} parameters the program's file, relative to the checkout, and its parameters
 * @returns {Promise<Outcome>}
 */
export async function checkWithNode(parameters) {
  const { status, text } = await collect(process.execPath, parameters);
  if (status === 0) return passed;
  console.log(text.trimEnd());
  return failed;
}
