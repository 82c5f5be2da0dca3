// One set-up at a time in a checkout. The lock is a file that names the process which holds it and the last
// program that it started, and that is touched every few seconds. It counts as held while it is fresh and
// either process lives: so a killed set-up whose pip still writes is waited for, a lock left behind by a crash
// is taken over, and a number given to another process after a restart holds nobody up.
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { throwIfInterrupted } from "./command.mjs";
import { writeWhole } from "./stamp.mjs";

const touchEverySeconds = 5;
const freshForSeconds = 60;

/**
 * Waits until the lock is free and takes it.
 * @param {string} file
 * @param {(holder: number) => void} onWait called once when another process holds it
 * @returns {Promise<{ nameProgram: (pid: number) => void, release: () => void }>}
 */
export async function takeLock(file, onWait) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const mine = `${process.pid}`;
  for (let waiting = false; !tryCreate(file, mine); ) {
    throwIfInterrupted();
    const holder = livingHolder(file);
    if (holder === undefined) {
      takeAway(file);
      continue;
    }
    if (!waiting) onWait(holder);
    waiting = true;
    await wait(300);
  }
  const touch = setInterval(() => fs.utimesSync(file, new Date(), new Date()), touchEverySeconds * 1000);
  touch.unref();
  return {
    nameProgram: (pid) => writeWhole(file, `${mine} ${pid}`),
    release: () => {
      clearInterval(touch);
      fs.rmSync(file, { force: true });
    },
  };
}

/** @param {string} file @param {string} content */
function tryCreate(file, content) {
  // Linking a written file, and not creating one and then writing: a reader never sees an empty lock.
  const written = `${file}.${process.pid}`;
  fs.writeFileSync(written, content);
  try {
    fs.linkSync(written, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  } finally {
    fs.rmSync(written, { force: true });
  }
}

/** @param {string} file @returns {number | undefined} a process that holds the lock and lives */
function livingHolder(file) {
  try {
    if (Date.now() - fs.statSync(file).mtimeMs > freshForSeconds * 1000) return undefined;
    return fs.readFileSync(file, "utf8").split(" ").map(Number).find(lives);
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
export function lives(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * Removes a dead holder's lock. Of several that find it, renaming lets one alone have it; should that one
 * have caught the fresh lock of a faster one, it puts it back.
 * @param {string} file
 */
function takeAway(file) {
  const caught = `${file}.${process.pid}`;
  try {
    fs.renameSync(file, caught);
  } catch {
    return;
  }
  if (livingHolder(caught) !== undefined) fs.renameSync(caught, file);
  else fs.rmSync(caught, { force: true });
}
