// Starts this checkout's tslab as the kernel of a notebook; Jupyter calls it with the connection file.
//
// A cell's imports are looked up from the working folder, which Jupyter sets to the notebook's. That finds the
// packages of the checkout for a notebook anywhere inside it; for one outside, the kernel moves into the checkout.
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..", "..");
const fromRoot = path.relative(root, process.cwd());
const outside = fromRoot === ".." || fromRoot.startsWith(`..${path.sep}`) || path.isAbsolute(fromRoot);
if (outside) process.chdir(path.join(root, "notebooks"));

const { startBound } = require("./start-bound.cjs");

/** @param {unknown} error */
function giveUp(error) {
  const [what] = (error instanceof Error ? error.message : String(error)).split("\n");
  console.error(`The TypeScript kernel could not start (${what}). Run \`npm run setup\` and start it again.`);
  process.exit(1);
}

try {
  startBound(path.join(root, "node_modules", "tslab"), process.argv[2]).catch(giveUp);
} catch (error) {
  giveUp(error);
}
