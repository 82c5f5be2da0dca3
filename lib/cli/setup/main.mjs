// Set-up of a checkout: `npm run setup`. It needs Node alone, no package, and this file must parse on an
// old Node too, so that someone who has one reads a sentence and not a syntax error.
const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  console.error(
    `Node ${process.versions.node} is too old: install Node 20 or newer (nodejs.org or your package manager) and run the command again.`,
  );
  process.exitCode = 1;
} else {
  void import("./run.mjs").then((run) => run.main(process.argv.slice(2)));
}
