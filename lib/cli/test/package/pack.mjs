import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../../setup/places.mjs";

const onWindows = process.platform === "win32";

/**
 * Runs npm, which on Windows is a command file that needs a shell.
 *
 * @param {string} folder
 * @param {string[]} parameters
 */
export function npm(folder, parameters) {
  return execFileSync(onWindows ? "npm.cmd" : "npm", parameters, {
    cwd: folder,
    encoding: "utf8",
    shell: onWindows,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/**
 * @typedef {object} Packed
 * @property {string} folder a temporary one, for the caller to work in
 * @property {string} archive the packed library
 * @property {{ path: string, size: number }[]} files what it holds
 */

/**
 * Packs the library as it would be published, and removes what is left of it when `work` has ended.
 *
 * @param {(packed: Packed) => Promise<void>} work
 */
export async function withPackedLibrary(work) {
  const folder = mkdtempSync(path.join(tmpdir(), "packed-library-"));
  try {
    const report = npm(root, [
      "pack",
      "--json",
      "--silent",
      "--workspace",
      "lib",
      "--pack-destination",
      folder,
    ]);
    const described = JSON.parse(report.slice(report.search(/[[{]/)));
    const [entry] = Array.isArray(described) ? described : Object.values(described);
    await work({ folder, archive: path.join(folder, path.basename(entry.filename)), files: entry.files });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
