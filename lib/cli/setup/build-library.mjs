// Step 5: the library's TypeScript compiled into lib/dist, which notebooks and commands load.
import * as fs from "node:fs";
import * as path from "node:path";
import { tryCommand } from "./command.mjs";
import { buildFolder, libraryFolder, nodeModules, root } from "./places.mjs";
import { hashFiles, removeStamp, stampSays, writeStamp } from "./stamp.mjs";
import { lastLines, StepError } from "./step-error.mjs";

export const name = "library";

/** @param {string} folder @returns {string[]} all files below it, sorted */
function filesBelow(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** @returns {string[]} */
function sources() {
  const below = fs
    .readdirSync(libraryFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "dist" && entry.name !== "node_modules")
    .flatMap((entry) => filesBelow(path.join(libraryFolder, entry.name)));
  const top = fs.readdirSync(libraryFolder).map((file) => path.join(libraryFolder, file));
  return [...top, ...below].filter((file) => file.endsWith(".ts"));
}

function wanted() {
  const files = sources();
  return {
    names: files.map((file) => path.relative(libraryFolder, file)).join(" "),
    sources: hashFiles([...files, path.join(root, "tsconfig.json"), path.join(root, "package-lock.json")]),
  };
}

/** @returns {string | undefined} */
export function inPlace() {
  if (!stampSays(buildFolder, wanted()) || !fs.existsSync(path.join(buildFolder, "index.js")))
    return undefined;
  return "library compiled";
}

/** @param {import("./step-line.mjs").StepLine} line */
export async function make(line) {
  line.update("compiling");
  const before = wanted();
  removeStamp(buildFolder);
  const compiler = path.join(nodeModules, "typescript", "bin", "tsc");
  const { status, output } = await tryCommand(process.execPath, [compiler, "-p", root], { cwd: root });
  if (status !== 0) {
    throw new StepError(
      `The library does not compile; mend what the compiler names:\n${lastLines(output, 20)}`,
    );
  }
  removeOrphans();
  writeStamp(buildFolder, before);
  return "compiled into lib/dist";
}

/** Removes compiled files whose source is gone: a renamed test would otherwise go on being run. */
function removeOrphans() {
  for (const file of filesBelow(buildFolder)) {
    const relative = path.relative(buildFolder, file);
    const stem = relative.replace(/(\.d\.ts|\.js|\.js\.map)$/, "");
    if (stem === relative) continue;
    if (!fs.existsSync(path.join(libraryFolder, `${stem}.ts`))) fs.rmSync(file);
  }
}
