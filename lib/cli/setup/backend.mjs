// Step 3: the engine that computes. The best is a current TensorFlow (the wheel's libraries under tfjs-node's
// addon, compiled here); where that can't be had, tfjs-node's own prebuilt one; then WebAssembly, which needs
// nothing but cannot fine-tune convolutions. What was chosen is kept with the reason, and is looked for again when
// the reason may have gone (a compiler was installed, packages were updated).
import * as fs from "node:fs";
import * as path from "node:path";
import {
  addonPlace,
  addonSources,
  compileAddon,
  findCompiler,
  linkAddon,
  tfjsNode,
} from "./compile-addon.mjs";
import { nativeFolder } from "./places.mjs";
import { bringPrebuiltAddon, removePrebuiltAddon } from "./prebuilt-addon.mjs";
import { hashFiles, readStamp, stampSays, writeStamp } from "./stamp.mjs";
import { bringLibraries, NoWheel, wheel } from "./tensorflow-libraries.mjs";
import { verifyAddon } from "./verify-addon.mjs";

export const name = "backend";

const built = path.join(nativeFolder, `${wheel.project}-${wheel.version}`);

/**
 * @typedef {object} Choice
 * @property {"native" | "prebuilt" | "wasm"} backend
 * @property {string} summary
 * @property {string} details what it costs, or why nothing better could be had
 * @property {boolean} [compiler] whether there was one when the choice was made
 */

/** Anything that changes here makes set-up choose again. */
function wanted() {
  return {
    system: `${process.platform}-${process.arch}`,
    wheel: `${wheel.project}-${wheel.version}`,
    sources: fs.existsSync(path.join(tfjsNode, "binding")) ? hashFiles(addonSources()) : "none",
  };
}

/** @returns {string | undefined} */
export function inPlace() {
  const choice = /** @type {Choice | undefined} */ (readStamp(nativeFolder)?.made);
  if (!choice || !stampSays(nativeFolder, wanted())) return undefined;
  if (choice.backend !== "wasm" && !fs.existsSync(addonPlace)) return undefined;
  if (choice.backend !== "native" && !choice.compiler && findCompiler()) return undefined;
  return choice.summary;
}

/** @returns {string | undefined} what the last choice costs, or why nothing better could be had */
export function details() {
  return /** @type {Choice | undefined} */ (readStamp(nativeFolder)?.made)?.details;
}

/** @param {import("./step-line.mjs").StepLine} line */
export async function make(line) {
  fs.mkdirSync(nativeFolder, { recursive: true });
  const key = wanted();
  const choice = { ...(await choose(line)), compiler: findCompiler() !== undefined };
  writeStamp(nativeFolder, key, choice);
  return `${choice.summary} (${choice.details})`;
}

/** @param {import("./step-line.mjs").StepLine} line @returns {Promise<Choice>} */
async function choose(line) {
  const noNative = await tryNative(line);
  if (typeof noNative !== "string") return noNative;
  if (!fs.existsSync(tfjsNode)) return wasm(`${noNative}, and the package tfjs-node-gpu is not installed`);
  const noPrebuilt = await bringPrebuiltAddon(line);
  if (noPrebuilt) return wasm(`${noNative}; tfjs-node's prebuilt TensorFlow: ${noPrebuilt}`);
  const verdict = await verifyAddon();
  if (!("failure" in verdict)) {
    const summary = `TensorFlow ${verdict.tensorflow}, tfjs-node's prebuilt one`;
    return { backend: "prebuilt", summary, details: `a newer one can't be had: ${noNative}` };
  }
  removePrebuiltAddon();
  return wasm(`${noNative}; tfjs-node's prebuilt TensorFlow does not work here: ${verdict.failure}`);
}

/** @param {string} reason @returns {Choice} */
function wasm(reason) {
  return {
    backend: "wasm",
    summary: "WebAssembly, which trains heads but can't fine-tune convolutions",
    details: `native TensorFlow can't be had: ${reason}`,
  };
}

/**
 * @param {import("./step-line.mjs").StepLine} line
 * @returns {Promise<Choice | string>} the choice, or why it can't be had
 */
async function tryNative(line) {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `it is compiled on Linux x64 alone, and this is ${process.platform} ${process.arch}`;
  }
  if (!fs.existsSync(path.join(tfjsNode, "binding"))) return "the package tfjs-node-gpu is not installed";
  if (!stampSays(built, wanted())) {
    const compiler = findCompiler();
    if (!compiler)
      return "there is no C++ compiler (Debian and Ubuntu: `sudo apt install g++`, then `npm run setup`)";
    try {
      await build(compiler, line);
    } catch (error) {
      if (error instanceof NoWheel) return error.message;
      throw error;
    }
  }
  removePrebuiltAddon();
  linkAddon(built);
  line.update("checking its answers");
  const verdict = await verifyAddon();
  if ("failure" in verdict) {
    fs.rmSync(addonPlace, { force: true });
    fs.rmSync(built, { recursive: true, force: true });
    return `compiled here, it does not work: ${verdict.failure}`;
  }
  const details = `${wheel.downloadMB} MB downloaded once, ${(wheel.unpackedMB / 1000).toFixed(2)} GB in .native`;
  return { backend: "native", summary: `native TensorFlow ${verdict.tensorflow} on the CPU`, details };
}

/** @param {string} compiler @param {import("./step-line.mjs").StepLine} line */
async function build(compiler, line) {
  for (const entry of fs.readdirSync(nativeFolder)) {
    // An older TensorFlow, or what a killed set-up left.
    if (fs.statSync(path.join(nativeFolder, entry)).isDirectory()) {
      fs.rmSync(path.join(nativeFolder, entry), { recursive: true });
    }
  }
  const staging = path.join(nativeFolder, `making-${process.pid}`);
  fs.mkdirSync(staging, { recursive: true });
  try {
    await bringLibraries(staging, line);
    line.update("compiling the addon (about 15 s)");
    await compileAddon(compiler, staging);
    fs.rmSync(path.join(staging, "tensorflow", "include"), { recursive: true });
    writeStamp(staging, wanted());
    fs.renameSync(staging, built);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
}
