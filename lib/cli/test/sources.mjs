import { readdirSync } from "node:fs";
import path from "node:path";

/** What builds and package managers make; nobody's source. */
const made = new Set(["dist", "node_modules"]);

/**
 * Every source file below a folder, in a stable order.
 *
 * @param {string} folder
 * @returns {string[]} paths relative to the folder
 */
export function sourcesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (!entry.isDirectory()) return [entry.name];
      if (made.has(entry.name)) return [];
      return sourcesBelow(path.join(folder, entry.name)).map((file) => path.join(entry.name, file));
    });
}
