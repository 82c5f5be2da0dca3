// Finds a Python that can make the virtual environment.
import { tryCommand } from "./command.mjs";
import { StepError } from "./step-error.mjs";

const oldest = [3, 10];

/** Prints the version, whether venv can work, and where this Python lies. */
const probe =
  "import sys\ntry:\n import venv, ensurepip\n ok = 1\nexcept ImportError:\n ok = 0\nprint(*sys.version_info[:3], ok, sys.executable, sep='|')";

/**
 * @typedef {{ program: string, version: number[], hasVenv: boolean }} Python
 */

/** The names under which Python is looked for; `PYTHON` in the environment goes first. */
function candidates() {
  const given = process.env.PYTHON ? [[process.env.PYTHON]] : [];
  const names = ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10"].map((n) => [n]);
  return [...given, ...(process.platform === "win32" ? [["py", "-3"]] : []), ...names];
}

/**
 * @param {string[]} command
 * @returns {Promise<Python | undefined>} undefined when there is no such program
 */
async function look(command) {
  const [program = "", ...args] = command;
  const { status, output } = await tryCommand(program, [...args, "-c", probe], { limitSeconds: 20 });
  const fields = status === 0 ? output.trim().split("\n").at(-1)?.split("|") : undefined;
  if (!fields || fields.length < 5) return undefined;
  return {
    version: fields.slice(0, 3).map(Number),
    hasVenv: fields[3] === "1",
    program: fields.slice(4).join("|"),
  };
}

/** @param {number[]} version */
function isNewEnough([major = 0, minor = 0]) {
  return major > (oldest[0] ?? 0) || (major === oldest[0] && minor >= (oldest[1] ?? 0));
}

/**
 * @returns {Promise<Python>} the first that is new enough and has venv
 * @throws {StepError} that says which was found and what it lacks
 */
export async function findPython() {
  /** @type {Python[]} */
  const seen = [];
  for (const command of candidates()) {
    const python = await look(command);
    if (python && isNewEnough(python.version) && python.hasVenv) return python;
    if (python) seen.push(python);
  }
  const lacking = seen.find((python) => isNewEnough(python.version));
  if (lacking) {
    throw new StepError(
      `Python ${lacking.version.join(".")} (${lacking.program}) has no venv module. Install it (Debian and Ubuntu: ` +
        `\`sudo apt install python3-venv\`), or name another Python in the variable PYTHON, and run the command again.`,
    );
  }
  const found = seen[0] ? `only Python ${seen[0].version.join(".")} was found` : "none was found";
  throw new StepError(
    `Python 3.10 or newer is needed for JupyterLab, and ${found}. Install one (python.org or your package ` +
      "manager), or name it in the variable PYTHON, and run the command again.",
  );
}
