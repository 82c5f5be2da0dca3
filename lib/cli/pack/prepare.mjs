// Run by npm before it packs the library: what a package holds beside the compiled library is made here.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, rmSync } from "node:fs";
import path from "node:path";
import { buildFolder, libraryFolder, nodeModules, root } from "../setup/places.mjs";

if (!existsSync(path.join(buildFolder, "index.js"))) {
  console.error("The library is not compiled yet. Run `npm run setup`, then pack again.");
  process.exit(1);
}
// Bundlers take the core as modules of the language, of which they leave out what a page does not use.
rmSync(path.join(buildFolder, "esm"), { recursive: true, force: true });
const compiler = path.join(nodeModules, "typescript", "bin", "tsc");
const project = path.join(libraryFolder, "tsconfig.esm.json");
const { status } = spawnSync(process.execPath, [compiler, "-p", project], { stdio: "inherit" });
if (status !== 0) process.exit(1);
copyFileSync(path.join(root, "LICENSE"), path.join(libraryFolder, "LICENSE"));
