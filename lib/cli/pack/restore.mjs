// Run by npm after it has packed the library: the checkout's own build gets its comments back.
import { rmSync } from "node:fs";
import path from "node:path";
import { buildFolder, root } from "../setup/places.mjs";
import { compile } from "./compile.mjs";

// Without it the compiler takes the files for those that it wrote last.
rmSync(path.join(buildFolder, ".tsbuildinfo"), { force: true });
compile(root);
