import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { libraryFolder, root } from "../setup/places.mjs";
import { sourcesBelow } from "./sources.mjs";
import { failed, quietEnvironment } from "./stage.mjs";

/**
 * The test files to run, found through their sources so that a stale compiled test can never run. Each is named:
 * Node 20, 22 and 24 disagree on what a folder or a pattern given to `--test` means.
 *
 * @returns {string[]} relative to the checkout
 */
function testFiles() {
  return sourcesBelow(libraryFolder).flatMap((file) => {
    if (file.endsWith(".test.mjs")) return [path.join("lib", file)];
    if (file.endsWith(".test.ts")) return [path.join("lib", "dist", file.replace(/\.ts$/, ".js"))];
    return [];
  });
}

/**
 * @param {string} report of Node's "spec" reporter, which ends with lines such as "ℹ pass 12"
 * @param {string} name
 */
function countOf(report, name) {
  const found = report.match(new RegExp(`^ℹ ${name} (\\d+)$`, "m"));
  return found ? Number(found[1]) : 0;
}

/**
 * Runs the unit tests: a dot each while they run, the whole report where one fails.
 *
 * @returns {Promise<import("./stage.mjs").Outcome>}
 */
export async function runUnitTests() {
  const files = testFiles();
  if (files.length === 0) {
    console.log("There is no unit test below lib.");
    return failed;
  }
  const folder = mkdtempSync(path.join(tmpdir(), "unit-tests-"));
  const reportFile = path.join(folder, "report.txt");
  const reporters = ["dot", "stdout", "spec", reportFile].map((value, index) =>
    index % 2 === 0 ? `--test-reporter=${value}` : `--test-reporter-destination=${value}`,
  );
  try {
    const child = spawn(process.execPath, ["--test", ...reporters, ...files], {
      cwd: root,
      env: { ...quietEnvironment, NO_COLOR: "1", FORCE_COLOR: "0" },
      stdio: ["ignore", "inherit", "inherit"],
    });
    const status = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    const report = readFileSync(reportFile, "utf8");
    const passes = countOf(report, "pass");
    const failures = countOf(report, "fail") + countOf(report, "cancelled");
    if (status !== 0 || failures > 0) console.log(`\n${report.trimEnd()}`);
    console.log(`${passes + failures} tests in ${files.length} files`);
    if (passes === 0) return failed;
    return { passed: passes, failed: status === 0 ? failures : Math.max(1, failures) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
