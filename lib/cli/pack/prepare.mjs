// Run by npm before it packs the library: what a package holds beside the compiled library is made here. Its JavaScript
// comes without comments, which stand in the declarations as well: a stranger installs a tenth less.
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { transformSync } from "esbuild";
import { buildFolder, libraryFolder, root } from "../setup/places.mjs";
import { compile } from "./compile.mjs";

if (!existsSync(path.join(buildFolder, "index.js"))) {
  console.error("The library is not compiled yet. Run `npm run setup`, then pack again.");
  process.exit(1);
}
// Bundlers take the core as modules of the language, of which they leave out what a page does not use.
rmSync(path.join(buildFolder, "esm"), { recursive: true, force: true });
for (const kind of ["esm", "pack"]) compile(path.join(libraryFolder, `tsconfig.${kind}.json`));
// Only bundlers read these, and write them anew: without indentation they are a quarter smaller.
const modules = path.join(buildFolder, "esm");
for (const name of readdirSync(modules, { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".js")) continue;
  const file = path.join(modules, name);
  writeFileSync(file, transformSync(readFileSync(file, "utf8"), { minifyWhitespace: true }).code);
}
copyFileSync(path.join(root, "LICENSE"), path.join(libraryFolder, "LICENSE"));
