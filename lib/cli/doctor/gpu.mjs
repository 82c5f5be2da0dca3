// `npm run doctor -- --gpu`: brings what the test of a graphics card takes, and runs it.
import { spawn } from "node:child_process";
import * as path from "node:path";
import { buildFolder, root } from "../setup/places.mjs";
import { main as setUp } from "../setup/run.mjs";
import { StepError } from "../setup/step-error.mjs";
import { installWebGpu } from "../webgpu/install.mjs";

/** @returns {Promise<number>} exit status: 0 when the card passed */
export async function testGraphicsCard() {
  await setUp([]);
  if (process.exitCode) return Number(process.exitCode);
  try {
    await installWebGpu();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    console.error(error.message);
    return 1;
  }
  const program = path.join(buildFolder, "cli", "doctor", "gpu", "main.js");
  const report = path.join(root, "data", "cache", "gpu-report.json");
  const child = spawn(process.execPath, [program, report], { cwd: root, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
}
