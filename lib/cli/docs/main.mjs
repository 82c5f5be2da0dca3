// `npm run docs`: the pages of everything that the library shows, made by typedoc from its comments.
//
// typedoc reads programs with a compiler older than the project's, so the two lie apart, below data/cache.
import * as fs from "node:fs";
import * as path from "node:path";
import { npmCommand, runCommand, tryCommand } from "../setup/command.mjs";
import { takesNoOptions } from "../setup/no-options.mjs";
import { inCheckout, root } from "../setup/places.mjs";
import { hashFiles, stampSays, writeStamp } from "../setup/stamp.mjs";
import { StepError } from "../setup/step-error.mjs";
import { StepLine } from "../setup/step-line.mjs";

const here = path.join(root, "lib", "cli", "docs");
const tool = path.join(root, "data", "cache", "typedoc");
const pages = path.join(root, "data", "cache", "api");

async function installTypedoc() {
  const files = ["package.json", "package-lock.json"];
  const wanted = { lock: hashFiles(files.map((file) => path.join(here, file))) };
  if (stampSays(tool, wanted)) return;
  const line = new StepLine("typedoc");
  line.update("fetching");
  fs.rmSync(tool, { recursive: true, force: true });
  fs.mkdirSync(tool, { recursive: true });
  for (const file of files) fs.copyFileSync(path.join(here, file), path.join(tool, file));
  const { program, args } = npmCommand();
  await runCommand(program, [...args, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: tool,
    failure: "npm could not install typedoc.",
  });
  writeStamp(tool, wanted);
  line.end("in data/cache/typedoc");
}

async function write() {
  await installTypedoc();
  const program = path.join(tool, "node_modules", "typedoc", "bin", "typedoc");
  const options = ["--options", path.join(here, "typedoc.json"), "--out", pages];
  const line = new StepLine("pages");
  line.update("reading the library");
  const { status, output } = await tryCommand(process.execPath, [program, ...options], { cwd: here });
  line.cancel();
  if (status !== 0)
    throw new StepError(`Something is not documented, or the pages could not be made:\n${output.trimEnd()}`);
  console.log(`Open ${inCheckout(path.join(pages, "index.html"))} in a browser.`);
}

const help = "npm run docs        writes a page for everything that the library shows, into data/cache/api";

if (takesNoOptions("npm run docs", help, process.argv.slice(2))) {
  await write().catch((error) => {
    if (!(error instanceof StepError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  });
}
