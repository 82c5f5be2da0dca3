import { checkWithNode, failed } from "./stage.mjs";

const compiler = "node_modules/typescript/bin/tsc";

/**
 * Compiles the library into `lib/dist`, then type-checks the tools that must run before anything is compiled, and the core
 * once more without Node's types: what only Node has would not run in a browser.
 *
 * @returns {Promise<import("./stage.mjs").Outcome>}
 */
export async function compile() {
  const library = await checkWithNode([compiler, "-p", "."]);
  const tools = await checkWithNode([compiler, "-p", "lib/cli"]);
  const core = await checkWithNode([compiler, "-p", "lib/tsconfig.core.json"]);
  return library.failed + tools.failed + core.failed > 0 ? failed : library;
}
