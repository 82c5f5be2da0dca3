// Step 4: the tslab kernel, registered in .venv alone, and JupyterLab told not to ask the network for news.
import * as fs from "node:fs";
import * as path from "node:path";
import { libraryFolder, venv } from "./places.mjs";
import { writeWhole } from "./stamp.mjs";

export const name = "kernel";

const starter = path.join(libraryFolder, "cli", "lab", "kernel.cjs");

/** @returns {Record<string, unknown>} file → content */
function wantedFiles() {
  const jupyter = path.join(venv, "share", "jupyter");
  return {
    [path.join(jupyter, "kernels", "tslab", "kernel.json")]: {
      argv: [process.execPath, starter, "{connection_file}"],
      display_name: "TypeScript (tslab)",
      language: "typescript",
      // What a user's own programs load (`--require`), or refuse (`--throw-deprecation`), is not for the kernel.
      env: { NODE_OPTIONS: "", NODE_PATH: "" },
    },
    [path.join(jupyter, "lab", "settings", "overrides.json")]: {
      "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
    },
  };
}

/** @param {unknown} content */
function text(content) {
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** @returns {string | undefined} */
export function inPlace() {
  for (const [file, content] of Object.entries(wantedFiles())) {
    if (!fs.existsSync(file) || fs.readFileSync(file, "utf8") !== text(content)) return undefined;
  }
  return "tslab kernel";
}

export async function make() {
  for (const [file, content] of Object.entries(wantedFiles())) writeWhole(file, text(content));
  return "TypeScript (tslab) registered in .venv";
}
