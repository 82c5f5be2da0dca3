import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { root } from "../setup/places.mjs";
import { quietEnvironment } from "./stage.mjs";

const startupSeconds = 60;

/** Nothing may be saved while a notebook is looked at, and every cell has to be in the page to be looked at. */
const settings = {
  "docmanager-extension/plugin": { autosave: false },
  "notebook-extension/tracker": { windowingMode: "none" },
};

/**
 * @typedef {object} LabServer
 * @property {string} address `http://127.0.0.1:PORT/`
 * @property {string} token
 * @property {() => Promise<void>} endKernels
 * @property {() => Promise<void>} stop also ends its kernels
 */

/**
 * Starts JupyterLab as `npm run lab` does, without a window and on a free port, with settings, workspaces and
 * checkpoints of its own in a temporary folder.
 *
 * @returns {Promise<LabServer>}
 */
export async function startLab() {
  const folder = mkdtempSync(path.join(tmpdir(), "jupyterlab-"));
  for (const [name, content] of Object.entries(settings)) {
    const file = path.join(folder, "settings", "@jupyterlab", `${name}.jupyterlab-settings`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(content));
  }
  const child = spawn(
    process.execPath,
    [
      path.join(root, "lib", "cli", "lab", "main.mjs"),
      ...["--no-browser", "--ServerApp.port=0", "--LabApp.expose_app_in_browser=True"],
      `--LabApp.user_settings_dir=${path.join(folder, "settings")}`,
      `--LabApp.workspaces_dir=${path.join(folder, "workspaces")}`,
      `--FileCheckpoints.checkpoint_dir=${path.join(folder, "checkpoints")}`,
    ],
    { env: quietEnvironment, stdio: ["ignore", "pipe", "pipe"] },
  );
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece) => {
      log += piece;
    });
  }
  const ended = new Promise((resolve) => {
    child.on("error", resolve);
    child.on("close", resolve);
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { address, token } = await Promise.race([
      findAddress(() => log),
      ended.then(() => Promise.reject(new Error("it ended at once"))),
    ]);
    return { address, token, endKernels: () => endKernels(address, token), stop };
  } catch (error) {
    await stop();
    throw new Error(`JupyterLab did not start: ${/** @type {Error} */ (error).message}.\n${log}`);
  }
}

/** @param {string} token */
const authorised = (token) => ({ headers: { Authorization: `token ${token}` } });

/**
 * @param {() => string} log what the server has written so far
 * @returns {Promise<{ address: string, token: string }>} read from the link that it prints, once it answers there
 */
async function findAddress(log) {
  for (const deadline = Date.now() + startupSeconds * 1000; Date.now() < deadline; await pause(200)) {
    const [, address, token] = log().match(/(http:\/\/127\.0\.0\.1:\d+\/)\S*[?&]token=(\w+)/) ?? [];
    if (!address || !token) continue;
    const reply = await fetch(`${address}api/status`, authorised(token)).catch(() => undefined);
    if (reply?.ok) return { address, token };
  }
  throw new Error(`it did not answer within ${startupSeconds} s`);
}

/**
 * @param {string} address
 * @param {string} token
 */
async function endKernels(address, token) {
  const sessions = await (await fetch(`${address}api/sessions`, authorised(token))).json();
  for (const { id } of sessions) {
    await fetch(`${address}api/sessions/${id}`, { method: "DELETE", ...authorised(token) });
  }
}
