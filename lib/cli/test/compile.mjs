import { checkWithNode, failed } from "./stage.mjs";

const compiler = "node_modules/typescript/bin/tsc";

/**
 * Compiles the library into `lib/dist`, then type-checks the tools that must run before anything is compiled.
 *
 * @returns {Promise<import("./stage.mjs").Outcome>}
 */
export async function compile() {
  const library = await checkWithNode([compiler, "-p", "."]);
  const tools = await checkWithNode([compiler, "-p", "lib/cli"]);
  return library.failed + tools.failed > 0 ? failed : library;
}
