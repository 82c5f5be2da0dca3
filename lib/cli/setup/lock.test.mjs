import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { test } from "node:test";
import { takeLock } from "./lock.mjs";

/** @param {import("node:test").TestContext} context */
function lockFile(context) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lock-"));
  context.after(() => fs.rmSync(folder, { recursive: true }));
  return path.join(folder, "setup.lock");
}

const mustNotWait = () => assert.fail("waited for a lock that nobody holds");

test("a lock is taken, names its programs, and is gone after release", async (context) => {
  const file = lockFile(context);
  const lock = await takeLock(file, mustNotWait);
  lock.nameProgram(4_000_000);
  assert.equal(fs.readFileSync(file, "utf8"), `${process.pid} 4000000`);
  lock.release();
  assert.deepEqual(fs.readdirSync(path.dirname(file)), []);
});

test("the lock of a dead process is taken over", async (context) => {
  const file = lockFile(context);
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  fs.writeFileSync(file, `${pid}`);
  (await takeLock(file, mustNotWait)).release();
});

test("an old lock is taken over although its number lives", async (context) => {
  const file = lockFile(context);
  fs.writeFileSync(file, `${process.pid}`);
  const longAgo = new Date(Date.now() - 3_600_000);
  fs.utimesSync(file, longAgo, longAgo);
  (await takeLock(file, mustNotWait)).release();
});

test("the program of a killed set-up is waited for", async (context) => {
  const file = lockFile(context);
  const { pid: dead } = spawnSync(process.execPath, ["-e", ""]);
  const program = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  await once(program, "spawn");
  fs.writeFileSync(file, `${dead} ${program.pid}`);
  const lock = await takeLock(file, (holder) => {
    assert.equal(holder, program.pid);
    program.kill();
  });
  assert.notEqual(program.signalCode ?? program.exitCode, null);
  lock.release();
});
