import { spawnSync } from "node:child_process";
import path from "node:path";
import { nodeModules } from "../setup/places.mjs";

/** @param {string} project its tsconfig.json, or the folder with one; ends the program where it does not compile */
export function compile(project) {
  const compiler = path.join(nodeModules, "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [compiler, "-p", project], { stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
