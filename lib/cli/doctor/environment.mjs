// What set-up makes: packages, kernel, compiled library, and the backend that really computes.
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import * as backend from "../setup/backend.mjs";
import * as library from "../setup/build-library.mjs";
import { tryCommand } from "../setup/command.mjs";
import * as kernel from "../setup/kernel.mjs";
import * as nodePackages from "../setup/node-packages.mjs";
import { buildFolder, nodeModules, root, venvPython } from "../setup/places.mjs";
import * as pythonPackages from "../setup/python-packages.mjs";
import { explainMissingFile, lastLines } from "../setup/step-error.mjs";

/** @typedef {import("./main.mjs").Finding} Finding */

const remedy = "Run `npm run setup`; if it stops, it says why.";

/** The packages whose versions decide what notebooks can do. */
const packages = [
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-node-gpu",
  "danfojs-node",
  "plotly.js-dist",
  "sharp",
  "tslab",
];

/** @returns {AsyncGenerator<Finding>} */
export async function* environmentFindings() {
  yield step("node packages", nodePackages);
  for (const name of packages) yield nodePackage(name);
  yield step("Python packages", pythonPackages);
  yield await jupyterLab();
  yield step("kernel", kernel);
  yield step("library", library);
  yield await computing();
}

/**
 * @param {string} subject
 * @param {{ inPlace: () => string | undefined }} step
 * @returns {Finding}
 */
function step(subject, { inPlace }) {
  /** @type {string | undefined} */
  let there;
  try {
    there = inPlace();
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    return { subject, value: "can't be looked at", missing: explainMissingFile(error) ?? message };
  }
  return there ? { subject, value: there } : { subject, value: "missing or out of date", missing: remedy };
}

/** @param {string} name @returns {Finding} */
function nodePackage(name) {
  try {
    const description = JSON.parse(fs.readFileSync(path.join(nodeModules, name, "package.json"), "utf8"));
    return { subject: `  ${name.split("/").at(-1)}`, value: description.version };
  } catch {
    return { subject: `  ${name.split("/").at(-1)}`, value: "not installed", missing: remedy };
  }
}

/** @returns {Promise<Finding>} */
async function jupyterLab() {
  const { status, output } = await tryCommand(venvPython, ["-m", "jupyterlab", "--version"], {
    limitSeconds: 60,
  });
  if (status === 0) return { subject: "  JupyterLab", value: output.trim().split("\n").at(-1) ?? "" };
  const value = `does not start: ${lastLines(output, 1)}`;
  // Set-up believes the stamp in .venv, so it would find nothing to do.
  const missing = pythonPackages.inPlace() ? "Delete the folder .venv and run `npm run setup`." : remedy;
  return { subject: "  JupyterLab", value, missing };
}

/** @returns {Promise<Finding>} */
async function computing() {
  const subject = "backend";
  if (!fs.existsSync(path.join(buildFolder, "index.js"))) {
    return { subject, value: "unknown until the library is compiled", missing: remedy };
  }
  const script = fileURLToPath(new URL("backend-report.cjs", import.meta.url));
  const { output } = await tryCommand(process.execPath, [script], { cwd: root, limitSeconds: 120 });
  const line = output.match(/^report (.*)$/m)?.[1];
  if (!line) return { subject, value: `none works: ${lastLines(output, 3)}`, missing: remedy };
  const report = JSON.parse(line);
  const oneDnn = report.oneDnn === undefined ? "" : `, oneDNN ${report.oneDnn ? "on" : "off"}`;
  const value = `${report.backend}: ${report.summary}, TensorFlow.js ${report.tfjs}${oneDnn}`;
  if (!backend.inPlace()) return { subject, value, missing: remedy };
  if (report.backend === "native") return { subject, value };
  const why = backend.details() ?? report.notes.join(" ");
  const note = `${why}. Mend that, delete the folder .native and run \`npm run setup\`.`;
  return { subject, value, note };
}
