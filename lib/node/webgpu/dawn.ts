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
  const polls = new Polls();
  const gpu = create([]);
  return { gpu, runUntil: (done) => polls.runUntil(done) };
}

/** Polls without a pause before a wait: what is nearly done is not kept waiting. */
const EAGER_POLLS = 2000;
/** Between later polls, in milliseconds: the processor is left to those who compute on it. */
const PAUSE = 0.05;

/** The polls that Dawn gives to `setImmediate`. */
class Polls {
  private readonly waiting = new Set<() => void>();
  private readonly original = globalThis.setImmediate;
  /** Whether polls are called as they come; the event loop, which stands still, would only pile them up. */
  private running = false;

  constructor() {
    const replacement = (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
      if (args.length > 0 || !isNative(callback)) return this.original(callback, ...args);
      this.waiting.add(callback);
      return this.running ? undefined : this.schedule(callback);
    };
    // With what hangs on the original: its form for promises, which `util.promisify` takes.
    globalThis.setImmediate = Object.assign(replacement, this.original) as typeof setImmediate;
  }

  runUntil(done: () => boolean): void {
    const clock = new Int32Array(new SharedArrayBuffer(4));
    this.running = true;
    try {
      for (let polls = 0; !done(); polls++) {
        const poll = this.waiting.values().next().value;
        if (!poll) throw new Error("Dawn waits for nothing any more, and what was asked for is not done.");
        this.waiting.delete(poll);
        poll();
        if (polls > EAGER_POLLS) Atomics.wait(clock, 0, 0, PAUSE);
      }
    } finally {
      this.running = false;
      for (const poll of this.waiting) this.schedule(poll);
    }
  }

  private schedule(poll: () => void): NodeJS.Immediate {
    return this.original(() => {
      if (this.waiting.delete(poll)) poll();
    });
  }
}

/** Whether a function is Dawn's: compiled, without a name. JavaScript's own have one or are of a program's text. */
function isNative(callback: (...args: unknown[]) => void): boolean {
  return callback.name === "" && Function.prototype.toString.call(callback).includes("[native code]");
}
