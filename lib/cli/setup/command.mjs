// Runs other programs, so that their output can be read while they run and so that none outlives set-up.
import { spawn } from "node:child_process";
import { childEnvironment } from "./child-environment.cjs";
import { explainOutput, Interrupted, lastLines, StepError } from "./step-error.mjs";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
let interrupted = false;

/** @type {(pid: number) => void} told of every program that starts */
let onStart = () => {};

/** @param {(pid: number) => void} listener */
export function listenForStarts(listener) {
  onStart = listener;
}

/** Ends what runs and makes every later command throw `Interrupted`. */
export function interrupt() {
  interrupted = true;
  for (const child of running) child.kill("SIGTERM");
}

/** @throws {Interrupted} after `interrupt()`; for work that runs no program */
export function throwIfInterrupted() {
  if (interrupted) throw new Interrupted("interrupted");
}

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] variables beside those of this process
 * @property {(line: string) => void} [onLine] gets every line of both outputs as it comes
 * @property {number} [limitSeconds] the program is ended when it takes longer
 */

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<{ status: number, output: string }>} both outputs together, their last 64 kB;
 *   status 127 when the program does not exist, 124 when it took too long
 */
export async function tryCommand(program, args, options = {}) {
  throwIfInterrupted();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: childEnvironment(options.env),
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-65536);
      const lines = (rest + text).split(/[\r\n]+/);
      rest = lines.pop() ?? "";
      for (const line of lines) options.onLine?.(line);
    });
  }
  running.add(child);
  if (child.pid) onStart(child.pid);
  let late = false;
  const timer = setTimeout(
    () => {
      late = true;
      child.kill("SIGKILL");
    },
    (options.limitSeconds ?? 3600) * 1000,
  );
  const status = await new Promise((resolve) => {
    child.once("error", (error) => {
      output += `${error.message}\n`;
      resolve(127);
    });
    child.once("close", (code, signal) => resolve(code ?? (signal ? 128 : 1)));
  });
  clearTimeout(timer);
  running.delete(child);
  throwIfInterrupted();
  return { status: late ? 124 : status, output };
}

/**
 * Runs a program that has to succeed.
 * @param {string} program
 * @param {string[]} args
 * @param {CommandOptions & { failure: string }} options `failure` is the sentence that says what failed
 * @returns {Promise<string>} its output
 * @throws {StepError} that names a known cause, or shows the last lines of the output
 */
export async function runCommand(program, args, { failure, ...options }) {
  const { status, output } = await tryCommand(program, args, options);
  if (status === 0) return output;
  const why = explainOutput(output);
  if (why) throw new StepError(`${failure} ${why}`);
  const ending = status === 124 ? "It took too long and was ended." : `Its last words:\n${lastLines(output)}`;
  throw new StepError(`${failure} ${ending}`);
}

/**
 * npm as it was started, or the one on the PATH.
 * @returns {{ program: string, args: string[] }}
 */
export function npmCommand() {
  const script = process.env.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script)) return { program: process.execPath, args: [script] };
  if (process.platform === "win32") return { program: "cmd.exe", args: ["/d", "/s", "/c", "npm"] };
  return { program: "npm", args: [] };
}
