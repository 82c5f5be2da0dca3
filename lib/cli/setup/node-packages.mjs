// Step 1: the packages of package-lock.json in node_modules, exactly as locked.
//
// No install script runs: sharp, zeromq (for tslab) and the compiler bring their binaries inside their packages,
// and tfjs-node's script would download an old TensorFlow from a bucket that is often out of reach. The addon is
// the business of a step of its own.
import * as fs from "node:fs";
import * as path from "node:path";
import { npmCommand, runCommand, tryCommand } from "./command.mjs";
import { nodeModules, root } from "./places.mjs";
import { hashFiles, stampSays, writeStamp } from "./stamp.mjs";
import { explainOutput, lastLines, StepError } from "./step-error.mjs";
import { share } from "./step-line.mjs";

/** Packages whose binary must fit this system. */
const withBinary = ["sharp", "zeromq"];

const addonPackage = "node_modules/@tensorflow/tfjs-node-gpu";

export const name = "node packages";

/** @typedef {{ optional?: boolean, link?: boolean, os?: string[], cpu?: string[] }} LockedPackage */

/** @returns {[string, LockedPackage][]} folder → entry, of all in node_modules */
function lockedPackages() {
  const text = fs.readFileSync(path.join(root, "package-lock.json"), "utf8");
  /** @type {[string, LockedPackage][]} */
  let entries;
  try {
    entries = Object.entries(JSON.parse(text).packages);
  } catch {
    // For instance with the marks of a merge that was not ended.
    throw new StepError(
      "package-lock.json is no lock file of npm's. Bring it back (`git restore package-lock.json`) and run the " +
        "command again.",
    );
  }
  return entries.filter(([folder]) => folder.startsWith("node_modules/"));
}

function wanted() {
  const files = [
    "package.json",
    "package-lock.json",
    "lib/package.json",
    "lib/cli/danfo-tensorflow/package.json",
  ];
  return {
    lock: hashFiles(files.map((file) => path.join(root, file))),
    platform: `${process.platform}-${process.arch}`,
  };
}

/** @returns {string[]} folders of the packages that are installed on every system */
function neededFolders() {
  // tfjs-node-gpu is optional only so that npm goes on where its install script fails, and here that never runs.
  return lockedPackages()
    .filter(([folder, entry]) => !entry.optional || folder === addonPackage)
    .map(([folder]) => folder);
}

/** @returns {number} archives that npm fetches on this system, or nearly so */
function archives() {
  const fits = (/** @type {string[] | undefined} */ list, /** @type {string} */ mine) =>
    !list || list.includes(mine);
  return lockedPackages().filter(
    ([, entry]) => !entry.link && fits(entry.os, process.platform) && fits(entry.cpu, process.arch),
  ).length;
}

/** @returns {string | undefined} */
export function inPlace() {
  if (!stampSays(nodeModules, wanted())) return undefined;
  const folders = neededFolders();
  if (!folders.every((folder) => fs.existsSync(path.join(root, folder)))) return undefined;
  return `${folders.length} packages`;
}

/** @param {import("./step-line.mjs").StepLine} line */
export async function make(line) {
  try {
    await install(line);
    line.update("looking at their binaries");
    for (const binary of withBinary) await mustLoad(binary);
    writeStamp(nodeModules, wanted());
  } catch (error) {
    fs.rmSync(nodeModules, { recursive: true, force: true });
    throw error;
  }
  return `${neededFolders().length} packages installed`;
}

/** @param {import("./step-line.mjs").StepLine} line */
async function install(line) {
  const { program, args } = npmCommand();
  const failure = "npm could not install the node packages.";
  const quiet = ["--no-audit", "--no-fund", "--loglevel=http"];
  const total = archives();
  let fetched = 0;
  let notUnpacked = "";
  await runCommand(
    program,
    [...args, "ci", "--ignore-scripts", "--include=dev", "--include=optional", ...quiet],
    {
      cwd: root,
      failure,
      onLine: (text) => {
        if (text.includes("TAR_ENTRY_ERROR")) notUnpacked ||= text;
        if (!/http (fetch|cache) .*\.tgz/.test(text)) return;
        fetched += 1;
        line.update(share(Math.min(fetched, total), total, "fetched", line.elapsed));
      },
    },
  );
  // On a full disk npm warns, leaves empty files behind, and ends as if all were well.
  if (notUnpacked) throw new StepError(`${failure} ${explainOutput(notUnpacked) ?? notUnpacked}`);
}

/** @param {string} binary */
async function mustLoad(binary) {
  const { status, output } = await tryCommand(process.execPath, ["-e", `require("${binary}")`], {
    cwd: root,
  });
  if (status === 0) return;
  throw new StepError(
    `The package ${binary} has no binary that runs on this system (${process.platform}-${process.arch}, Node ` +
      `${process.versions.node}); see its page for the systems it supports. Its last words:\n${lastLines(output)}`,
  );
}
