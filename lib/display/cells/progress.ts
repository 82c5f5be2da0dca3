import { describeProgress, type OnProgress } from "../../runtime/progress";
import { updatableOutput } from "./cell";

/** Least time between two lines, in milliseconds: in a notebook, on a terminal, in a log. */
const notebookPause = 250;
const terminalPause = 100;
const logPause = 10_000;

/**
 * A throttled stream of progress lines; the last part is always shown, and nothing after it. The clock starts
 * here. Work that goes on from an earlier run should report what it found before it begins: those parts took
 * no time and are left out of the estimate.
 */
function progressLines(
  label: string,
  pause: number,
  firstPause: number,
  show: (line: string, finished: boolean) => void,
): OnProgress {
  const startedAt = performance.now();
  let nextAt = startedAt + firstPause;
  let alreadyDone: number | undefined;
  let finished = false;
  return (done, total) => {
    alreadyDone ??= total === 1 || (done > 1 && done < total) ? done : 0;
    const now = performance.now();
    if (finished || (done < total && now < nextAt)) return;
    finished = done >= total;
    nextAt = now + pause;
    show(describeProgress(label, done, total, now - startedAt, alreadyDone), finished);
  };
}

/**
 * Progress in the notebook cell that runs now: one line that is replaced in its place, at most four times a
 * second, so that the saved notebook holds only its last state, with the total time.
 * @throws UserError outside a tslab kernel.
 */
export function notebookProgress(label: string): OnProgress {
  const show = updatableOutput("notebookProgress");
  return progressLines(label, notebookPause, 0, (line) => show({ "text/plain": line }));
}

/** What progress is written to: `process.stderr` in earnest. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const openLines = new Set<ProgressStream>();

/** Ends a line of progress that work left unfinished, so that an error message gets a line of its own. */
export function endProgressLine(): void {
  for (const stream of openLines) stream.write("\n");
  openLines.clear();
}

/**
 * Progress of a command: one line that is rewritten on a terminal; in a log (no terminal) a line every ten
 * seconds and one at the end.
 */
export function terminalProgress(label: string, stream: ProgressStream = process.stderr): OnProgress {
  if (!stream.isTTY) {
    return progressLines(label, logPause, logPause, (line) => void stream.write(`${line}\n`));
  }
  return progressLines(label, terminalPause, 0, (line, finished) => {
    // A line that wraps could not be rewritten. The escape sequence clears what an earlier, longer one left.
    stream.write(`\r${line.slice(0, (stream.columns ?? 80) - 1)}\u001b[K${finished ? "\n" : ""}`);
    if (finished) openLines.delete(stream);
    else openLines.add(stream);
  });
}
