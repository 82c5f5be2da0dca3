// Where things lie in a checkout. All that set-up makes is inside it and ignored by git.
import * as path from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's top folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

const onWindows = process.platform === "win32";

export const nodeModules = path.join(root, "node_modules");
export const venv = path.join(root, ".venv");
export const venvPython = path.join(venv, onWindows ? "Scripts" : "bin", onWindows ? "python.exe" : "python");
export const requirementsFile = path.join(root, "requirements.txt");
/** The TensorFlow libraries and the addon built on them, and set-up's lock. */
export const nativeFolder = path.join(root, ".native");
export const libraryFolder = path.join(root, "lib");
export const buildFolder = path.join(libraryFolder, "dist");
export const notebooksFolder = path.join(root, "notebooks");

/** @param {string} place @returns {string} the path as seen from the checkout's top folder */
export function inCheckout(place) {
  return path.relative(root, place) || ".";
}
