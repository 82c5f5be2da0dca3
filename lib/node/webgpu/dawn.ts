import type { Gpu } from "./interfaces";
import { loadDawn } from "./packages";

/** Dawn in this process. */
export interface Dawn {
  gpu: Gpu;
  /**
   * Lets Dawn work until something is done, without letting any other code run: how a synchronous read waits.
   * @throws Error when Dawn waits for nothing any more and it is still not done
   */
  runUntil(done: () => boolean): void;
}

/**
 * Loads Dawn and puts its classes and constants on `globalThis`, where TensorFlow.js looks for them.
 *
 * Dawn polls its queue from functions that it gives to `setImmediate`, one at a time. They are written down as they
 * come, and `runUntil` calls them at once instead of when the event loop would.
 * @throws UserError when the package is not installed or does not run here
 */
export async function startDawn(): Promise<Dawn> {
  const { create, globals } = await loadDawn();
  Object.assign(globalThis, globals);
  const polls = interceptPolls();
  const gpu = create([]);
  const runUntil = (done: () => boolean) => {
    while (!done()) {
      const poll = polls.values().next().value;
      if (!poll) throw new Error("Dawn waits for nothing any more, and what was asked for is not done.");
      polls.delete(poll);
      poll();
    }
  };
  return { gpu, runUntil };
}

/** The polls of Dawn that `setImmediate` has not called yet. */
function interceptPolls(): Set<() => void> {
  const polls = new Set<() => void>();
  const original = globalThis.setImmediate;
  const replacement = (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
    if (args.length > 0 || !isNative(callback)) return original(callback, ...args);
    polls.add(callback);
    return original(() => {
      if (polls.delete(callback)) callback();
    });
  };
  // With what hangs on the original: its form for promises, which `util.promisify` takes.
  globalThis.setImmediate = Object.assign(replacement, original) as typeof setImmediate;
  return polls;
}

/** Whether a function is Dawn's: compiled, without a name. JavaScript's own have one or are of a program's text. */
function isNative(callback: (...args: unknown[]) => void): boolean {
  return callback.name === "" && Function.prototype.toString.call(callback).includes("[native code]");
}
