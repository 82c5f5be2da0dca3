import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { childEnvironment } from "../setup/child-environment.cjs";
import { libraryFolder, nodeModules, root, venvPython } from "../setup/places.mjs";

const starter = path.join(libraryFolder, "cli", "lab", "kernel.cjs");
const folder = path.join(libraryFolder, "cli", "test");
/** tslab as it is, as its own command starts it. */
const unmended = `require(${JSON.stringify(path.join(nodeModules, "tslab", "dist", "main.js"))})
  .startKernel({ configPath: process.argv[1], enableFindLocal: false });`;

/**
 * Starts a kernel whose binds are answered seconds after its sockets can be reached.
 *
 * @param {string[]} program what Node runs
 * @param {number} limit seconds to wait for an answer
 * @returns {{ seconds: number | null, output: string, stderr: string }}
 */
function startHeld(program, limit) {
  const argv = [process.execPath, "--require", path.join(folder, "hold-binds.cjs"), ...program];
  const { stdout, stderr } = spawnSync(
    venvPython,
    [
      ...[path.join(folder, "start_kernels.py"), "--count", "1", "--hold", "3", "--limit", String(limit)],
      ...["--argv", JSON.stringify([...argv, "{connection_file}"])],
    ],
    { cwd: root, encoding: "utf8", env: childEnvironment({ UV_THREADPOOL_SIZE: "1" }), timeout: 180_000 },
  );
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout);
}

test("a request that comes while the sockets are being bound is answered", () => {
  const { seconds, output, stderr } = startHeld([starter], 60);
  assert.ok(seconds !== null && seconds > 3, `${seconds} s: ${stderr}`);
  assert.equal(output, "42\n");
  assert.doesNotMatch(stderr, /EBUSY|Error/);
});

test("the hold is real: tslab's own start fails in it as it did on a busy disk", () => {
  const { seconds, stderr } = startHeld(["-e", unmended], 10);
  assert.equal(seconds, null);
  assert.match(stderr, /Socket is blocked by a bind or unbind operation/);
});
