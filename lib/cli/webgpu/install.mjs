// Brings the packages of the WebGPU backend into data/cache/webgpu: 57 MB to download and 163 MB on disk, which nobody
// without a graphics card needs. TensorFlow.js's core is the project's own, so that both register with the same one.
import * as fs from "node:fs";
import * as path from "node:path";
import { npmCommand, runCommand } from "../setup/command.mjs";
import { root } from "../setup/places.mjs";
import { hashFiles, stampSays, writeStamp } from "../setup/stamp.mjs";
import { StepLine } from "../setup/step-line.mjs";

const here = path.join(root, "lib", "cli", "webgpu");
/** Where the library looks for them in a checkout. */
export const webGpuFolder = path.join(root, "data", "cache", "webgpu");
const files = ["package.json", "package-lock.json"];

export async function installWebGpu() {
  const wanted = { lock: hashFiles(files.map((file) => path.join(here, file))) };
  if (stampSays(webGpuFolder, wanted)) return;
  const line = new StepLine("WebGPU");
  line.update("fetching");
  fs.rmSync(webGpuFolder, { recursive: true, force: true });
  fs.mkdirSync(webGpuFolder, { recursive: true });
  for (const file of files) fs.copyFileSync(path.join(here, file), path.join(webGpuFolder, file));
  const { program, args } = npmCommand();
  const quiet = ["--ignore-scripts", "--omit=peer", "--no-audit", "--no-fund"];
  await runCommand(program, [...args, "ci", ...quiet], {
    cwd: webGpuFolder,
    failure: "npm could not install the packages of WebGPU.",
  });
  writeStamp(webGpuFolder, wanted);
  line.end("in data/cache/webgpu");
}
