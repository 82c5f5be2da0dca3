// Makes the environment with the bench's peers, PyTorch and onnxruntime: .venv-bench.
// Nothing but the bench uses it, and it may be deleted at any time.
import * as fs from "node:fs";
import * as path from "node:path";
import { runCommand } from "../setup/command.mjs";
import { root, venvPython } from "../setup/places.mjs";
import { hashFiles, stampSays, writeStamp } from "../setup/stamp.mjs";
import { explainOutput, StepError } from "../setup/step-error.mjs";
import { StepLine } from "../setup/step-line.mjs";

const folder = path.join(root, ".venv-bench");
const requirements = path.join(root, "lib", "cli", "bench", "peers", "requirements.txt");
const python = path.join(folder, path.relative(path.dirname(path.dirname(venvPython)), venvPython));

async function install() {
  const wanted = { requirements: hashFiles([requirements]), folder };
  if (stampSays(folder, wanted) && fs.existsSync(python)) return;
  const line = new StepLine("peers of the bench");
  try {
    fs.rmSync(folder, { recursive: true, force: true });
    line.update("making .venv-bench");
    await runCommand(venvPython, ["-m", "venv", folder], {
      failure: "The environment of the bench's peers could not be made.",
    });
    const args = ["-m", "pip", "install", "--only-binary=:all:", "--no-compile", "--no-input"];
    await runCommand(python, [...args, "--disable-pip-version-check", "-r", requirements], {
      env: { PIP_USER: "0", PIP_REQUIRE_VIRTUALENV: "0", PYTHONUTF8: "1" },
      failure: "pip could not install PyTorch and onnxruntime, which the bench compares with.",
      onLine: (text) => {
        const name = /^(?:Collecting|Downloading|Installing collected) (\S+)/.exec(text)?.[1];
        if (name) line.update(name);
      },
    });
    writeStamp(folder, wanted);
    line.end("PyTorch and onnxruntime, in .venv-bench");
  } catch (error) {
    line.cancel();
    const { message } = /** @type {Error} */ (error);
    const why = error instanceof StepError ? message : explainOutput(message);
    if (!why) throw error;
    console.error(why);
    process.exitCode = 1;
  }
}

await install();
