import { spawn } from "node:child_process";
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { root, venvPython } from "../setup/places.mjs";
import { quietEnvironment } from "./stage.mjs";

const program = fileURLToPath(new URL("./start_kernels.py", import.meta.url));
const kernels = 40;

/** Keeps a processor busy for good. */
function compute() {
  for (let x = 1; ; x = Math.sqrt(x + 1));
}

/** Writes a quarter of a gigabyte through to the disk, again and again. @param {string} folder */
function writeMuch(folder) {
  const block = Buffer.alloc(1 << 24, 1);
  for (;;) {
    const file = openSync(path.join(folder, "written"), "w");
    for (let written = 0; written < 1 << 28; written += block.length) {
      writeSync(file, block);
      fsyncSync(file);
    }
    closeSync(file);
  }
}

/**
 * Keeps every processor and the disk busy while something else is done.
 *
 * @template Result
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
async function whileBusy(work) {
  const cache = path.join(root, "data", "cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, "busy-"));
  const file = fileURLToPath(import.meta.url);
  const loads = [folder, ...Array.from({ length: availableParallelism() }, () => undefined)];
  const workers = loads.map((load) => new Worker(file, { workerData: { load } }));
  try {
    return await work();
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Starts forty kernels in a row on a busy machine; each has to answer and to execute a cell.
 *
 * @returns {Promise<import("./stage.mjs").Outcome>} one check a kernel
 */
export function checkKernels() {
  return whileBusy(async () => {
    /** @type {{ seconds: number | null, output: string, stderr: string }[]} */
    const starts = [];
    const child = spawn(venvPython, [program, "--count", String(kernels), "--limit", "120"], {
      cwd: root,
      env: { ...quietEnvironment, JUPYTER_PREFER_ENV_PATH: "1" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      const start = JSON.parse(line);
      starts.push(start);
      if (start.output !== "42\n")
        console.log(`Kernel ${starts.length} did not answer. ${start.output}\n${start.stderr}`);
    });
    await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    const sound = starts.filter(({ output }) => output === "42\n").length;
    const seconds = starts.flatMap((start) => start.seconds ?? []).sort((a, b) => a - b);
    const at = (/** @type {number} */ share) =>
      seconds.at(Math.floor(share * (seconds.length - 1)))?.toFixed(1) ?? "–";
    console.log(
      `${sound} of ${kernels} answered and executed, after ${at(0.5)} s (median), ${at(1)} s (most)`,
    );
    return { passed: sound, failed: kernels - sound };
  });
}

if (!isMainThread) workerData.load ? writeMuch(workerData.load) : compute();
