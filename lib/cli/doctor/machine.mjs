// The machine and the programs that were there before this project.
import * as fs from "node:fs";
import * as os from "node:os";
import { npmCommand, tryCommand } from "../setup/command.mjs";
import { findCompiler } from "../setup/compile-addon.mjs";
import { root } from "../setup/places.mjs";
import { findPython } from "../setup/python.mjs";

/** @typedef {import("./main.mjs").Finding} Finding */

/** Free space that a first set-up needs, in bytes. */
const spaceForSetUp = 2.5e9;

/** @returns {AsyncGenerator<Finding>} */
export async function* machineFindings() {
  yield { subject: "system", value: `${os.type()} ${os.release()} ${process.arch}, ${processors()}` };
  yield { subject: "memory", value: `${gigabytes(os.totalmem())}, ${gigabytes(os.freemem())} free` };
  yield disk();
  yield node();
  yield await npm();
  yield await python();
  yield compiler();
}

function processors() {
  return `${os.availableParallelism()} threads of ${os.cpus()[0]?.model.trim() ?? "an unknown processor"}`;
}

/** @returns {Finding} */
function disk() {
  const { bavail, bsize } = fs.statfsSync(root);
  const free = bavail * bsize;
  const short = free < spaceForSetUp;
  const note = short ? `a first set-up needs about ${gigabytes(spaceForSetUp)}.` : undefined;
  return { subject: "disk", value: `${gigabytes(free)} free where the checkout lies`, note };
}

/** @returns {Finding} */
function node() {
  const old = Number(process.versions.node.split(".")[0]) < 20;
  const missing = old ? "Install Node 20 or newer (nodejs.org or your package manager)." : undefined;
  return { subject: "Node", value: process.versions.node, missing };
}

/** @returns {Promise<Finding>} */
async function npm() {
  const { program, args } = npmCommand();
  const { status, output } = await tryCommand(program, [...args, "--version"], {
    cwd: root,
    limitSeconds: 30,
  });
  const version = output
    .trim()
    .split("\n")
    .find((line) => /^\d+\.\d+/.test(line));
  if (status === 0 && version) return { subject: "npm", value: version };
  return { subject: "npm", value: "not found", missing: "Install npm; it comes with Node from nodejs.org." };
}

/** @returns {Promise<Finding>} */
async function python() {
  try {
    const { version, program } = await findPython();
    return { subject: "Python", value: `${version.join(".")} (${program})` };
  } catch (error) {
    return { subject: "Python", value: "none to use", missing: /** @type {Error} */ (error).message };
  }
}

/** @returns {Finding} */
function compiler() {
  const found = findCompiler();
  const wanted = process.platform === "linux" && process.arch === "x64";
  const note =
    wanted && !found
      ? "with one (Debian and Ubuntu: `sudo apt install g++`) set-up builds native TensorFlow."
      : undefined;
  return { subject: "C++ compiler", value: found ?? "not found", note };
}

/** @param {number} bytes */
export function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0)} GB`;
}
