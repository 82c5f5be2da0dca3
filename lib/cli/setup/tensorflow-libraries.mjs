// The TensorFlow libraries and C headers out of the wheel on PyPI: the way to a current TensorFlow for Node.
// Nothing of Python is needed once they are unpacked.
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand, tryCommand } from "./command.mjs";
import { venvPython } from "./places.mjs";
import { explainOutput, StepError } from "./step-error.mjs";
import { share } from "./step-line.mjs";

export const wheel = { project: "tensorflow-cpu", version: "2.21.0", downloadMB: 274, unpackedMB: 855 };

const needed = [
  "tensorflow/libtensorflow_cc.so.2",
  "tensorflow/libtensorflow_framework.so.2",
  "tensorflow/include/tensorflow/c/",
  "tensorflow/include/tensorflow/core/platform/ctstring",
  "tensorflow/include/tsl/platform/ctstring",
  "tensorflow/include/xla/tsl/c/",
];

/** The registry has no wheel for this system. */
export class NoWheel extends Error {}

/**
 * @param {string} folder gets `tensorflow/` with two libraries and the headers
 * @param {import("./step-line.mjs").StepLine} line
 * @throws {NoWheel} when there is none for this system
 * @throws {StepError} when network or disk fail
 */
export async function bringLibraries(folder, line) {
  mustHaveSpace(folder);
  const downloads = path.join(folder, "download");
  fs.mkdirSync(downloads, { recursive: true });
  const file = await download(downloads, line);
  const startedAt = line.elapsed;
  const script = fileURLToPath(new URL("extract_wheel.py", import.meta.url));
  await runCommand(venvPython, [script, file, folder, ...needed], {
    failure: "The TensorFlow libraries could not be unpacked.",
    onLine: (text) => {
      const [done, total] = text.split(" ").map(Number);
      if (done && total) line.update(`unpacking ${share(done, total, "MB", line.elapsed - startedAt)}`);
    },
  });
  fs.rmSync(downloads, { recursive: true });
}

/** @param {string} folder */
function mustHaveSpace(folder) {
  const { bavail, bsize } = fs.statfsSync(folder);
  const free = (bavail * bsize) / 1e6;
  // The wheel lies there twice for a moment: in pip's temporary folder and where pip puts it.
  const need = wheel.downloadMB + wheel.unpackedMB + 20;
  if (free > need) return;
  throw new StepError(
    `The disk is too full for the TensorFlow libraries: they need ${(need / 1000).toFixed(1)} GB while they are ` +
      `unpacked, and ${(free / 1000).toFixed(1)} GB are free. Free some space and run the command again.`,
  );
}

/**
 * @param {string} folder
 * @param {import("./step-line.mjs").StepLine} line
 * @returns {Promise<string>} the wheel's file
 */
async function download(folder, line) {
  const startedAt = line.elapsed;
  // The libraries are the same in the wheel of every Python; this one also serves a Python that has none.
  const tags = ["--python-version=3.12", "--implementation=cp", "--only-binary=:all:", "--no-deps"];
  const quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar=raw"];
  const { status, output } = await tryCommand(
    venvPython,
    ["-m", "pip", "download", ...tags, ...quiet, "-d", folder, `${wheel.project}==${wheel.version}`],
    {
      // pip's temporary files lie on the same disk and go with the folder.
      env: { TMPDIR: folder },
      onLine: (text) => {
        const [, done, total] = text.match(/^Progress (\d+) of (\d+)/) ?? [];
        if (!total) return;
        const shown = share(Number(done) / 1e6, Number(total) / 1e6, "MB", line.elapsed - startedAt);
        line.update(`downloading TensorFlow, ${shown}`);
      },
    },
  );
  if (status !== 0) {
    const why = explainOutput(output);
    if (
      /No matching distribution found/.test(output) &&
      !/ERROR: .*(network|connection)|Retrying/i.test(output)
    ) {
      throw new NoWheel(`the package index has no ${wheel.project} ${wheel.version} for this system`);
    }
    throw new StepError(
      `TensorFlow could not be downloaded. ${why ?? output.trim().split("\n").slice(-5).join("\n")}`,
    );
  }
  const file = fs.readdirSync(folder).find((entry) => entry.endsWith(".whl"));
  if (!file) throw new StepError("pip said that it downloaded TensorFlow, but left no wheel.");
  return path.join(folder, file);
}
