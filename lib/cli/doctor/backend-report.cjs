// Starts the library's backend and prints its own report: the doctor tells what computes, not what should.
const path = require("node:path");

const { startTensorFlow } = require(path.resolve(__dirname, "..", "..", "dist", "index.js"));
startTensorFlow().then(
  (report) => console.log(`report ${JSON.stringify(report)}`),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
