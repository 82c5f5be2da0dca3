// `npm run setup`: the steps in order, each left alone when what it makes is in place.
import * as path from "node:path";
import * as backend from "./backend.mjs";
import * as library from "./build-library.mjs";
import { interrupt, listenForStarts } from "./command.mjs";
import * as kernel from "./kernel.mjs";
import { takeLock } from "./lock.mjs";
import { takesNoOptions } from "./no-options.mjs";
import * as nodePackages from "./node-packages.mjs";
import { nativeFolder } from "./places.mjs";
import * as pythonPackages from "./python-packages.mjs";
import { explainMissingFile, explainOutput, Interrupted, StepError } from "./step-error.mjs";
import { duration, StepLine } from "./step-line.mjs";

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => string | undefined} inPlace what is there, or undefined when the step has to be done
 * @property {(line: StepLine) => Promise<string>} make does it and says what came of it
 */

/** @type {Step[]} a step may use what those before it made */
export const steps = [nodePackages, pythonPackages, backend, kernel, library];

const help = `npm run setup: makes this checkout ready; every other command does it by itself.

It installs the node packages as locked, a Python environment with JupyterLab in .venv, TensorFlow for Node
in .native (274 MB to download, 0.85 GB on disk), registers the TypeScript kernel in .venv, and compiles the
library. Nothing outside the checkout changes, except for the caches of npm and pip. It can be stopped at any
moment and run again; what is in place is left alone.

  --help   shows this text

  PYTHON   in the environment names the Python to use (3.10 or newer)
  CXX      names the C++ compiler`;

/** @param {string[]} args */
export async function main(args) {
  if (takesNoOptions("npm run setup", help, args)) process.exitCode = await setUp();
}

/** @returns {Promise<number>} exit status */
async function setUp() {
  const startedAt = performance.now();
  try {
    if (steps.some((step) => step.inPlace() === undefined)) {
      const status = await makeMissing();
      if (status !== 0) return status;
    }
    const summary = steps.map((step) => step.inPlace()).join(", ");
    console.log(`set-up complete: ${summary} (${duration(performance.now() - startedAt)})`);
    return 0;
  } catch (error) {
    return tell("what is in place", error);
  }
}

async function makeMissing() {
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, interrupt);
  let doing = "the lock of .native";
  /** @type {StepLine | undefined} */
  let line;
  /** @type {Awaited<ReturnType<typeof takeLock>> | undefined} */
  let lock;
  try {
    lock = await takeLock(path.join(nativeFolder, "setup.lock"), (holder) =>
      console.log(`Another set-up of this checkout is running (process ${holder}); waiting for it to end.`),
    );
    listenForStarts(lock.nameProgram);
    for (const step of steps) {
      // Looked at again under the lock: the set-up that was waited for may have done it.
      if (step.inPlace() !== undefined) continue;
      doing = step.name;
      line = new StepLine(step.name);
      line.end(await step.make(line));
    }
    return 0;
  } catch (error) {
    line?.cancel();
    return tell(doing, error);
  } finally {
    lock?.release();
  }
}

/** @param {string} doing @param {unknown} error @returns {number} exit status */
function tell(doing, error) {
  if (error instanceof Interrupted) {
    console.error("Set-up was interrupted; run the command again to go on.");
    return 130;
  }
  const { message = String(error), stack } = /** @type {Error} */ (error);
  const why = error instanceof StepError ? message : (explainMissingFile(error) ?? explainOutput(message));
  console.error(`Set-up stopped at "${doing}". ${why ?? `This is a bug:\n${stack ?? message}`}`);
  return 1;
}
