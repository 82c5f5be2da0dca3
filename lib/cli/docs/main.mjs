// `npm run docs`: the pages of everything that the library shows, made by typedoc from its comments.
//
// typedoc reads programs with a compiler older than the project's, so the two lie apart, below data/cache.
import * as path from "node:path";
import { tryCommand } from "../setup/command.mjs";
import { installApart } from "../setup/install-apart.mjs";
import { takesNoOptions } from "../setup/no-options.mjs";
import { inCheckout, root } from "../setup/places.mjs";
import { StepError } from "../setup/step-error.mjs";
import { StepLine } from "../setup/step-line.mjs";

const here = path.join(root, "lib", "cli", "docs");
const tool = path.join(root, "data", "cache", "typedoc");
const pages = path.join(root, "data", "cache", "api");

async function write() {
  await installApart({ title: "typedoc", what: "typedoc", from: here, to: tool });
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
