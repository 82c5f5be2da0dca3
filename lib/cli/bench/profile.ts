import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { terminalTable } from "../../display/cells/table";
import type { OperationTime } from "../../graph/profile";
import type { BenchCase } from "./cases";
import { operationTimes } from "./executor-log";
import { writeInputs } from "./inputs";
import type { Job } from "./job";
import { ourCommand } from "./peers";

/** What `ours/profile.js` prints. */
export interface EagerProfile {
  operations: OperationTime[];
  /** Of a whole step, eagerly and as a graph. */
  eagerMilliseconds: number;
  compiledMilliseconds: number;
}

/** Steps whose times are averaged. */
export const PROFILED_STEPS = 5;

const MOST_LINES = 15;

/** Prints which operations a step is made of, how often and how long each runs, eagerly and compiled. */
export async function printProfile({ title }: BenchCase, job: Job): Promise<void> {
  // TensorFlow logs every operation of a graph when it is told to before it is loaded; logging costs time, so the
  // whole steps are timed in a process without it.
  const logging = {
    TF_CPP_MIN_LOG_LEVEL: "0",
    TF_CPP_VMODULE: "executor=2",
    TF_NUM_INTEROP_THREADS: "1",
  };
  writeInputs(job);
  const profile = JSON.parse((await run(job, {})).stdout) as EagerProfile;
  const compiled = operationTimes((await run(job, logging)).stderr, PROFILED_STEPS);
  console.log(`${title}: one step\n`);
  console.log(`eager, ${profile.eagerMilliseconds.toFixed(1)} ms, of which in TensorFlow's operations:`);
  console.log(`${tableOf(profile.operations)}\n`);
  console.log(
    `compiled, ${profile.compiledMilliseconds.toFixed(1)} ms, of which in TensorFlow's operations:`,
  );
  console.log(tableOf(compiled));
  console.log("\nTimes of compiled operations are those of a run that logs each of them, one at a time.");
}

function run(job: Job, env: Record<string, string>) {
  const { program, args, env: own } = ourCommand(job);
  const script = path.join(__dirname, "ours", "profile.js");
  return promisify(execFile)(program, [script, ...args.slice(1)], {
    env: { ...own, ...env },
    maxBuffer: 1 << 30,
  });
}

function tableOf(operations: readonly OperationTime[]): string {
  const rows = operations.map(({ kind, count, milliseconds }) => ({ operation: kind, count, milliseconds }));
  const total = (part: typeof rows, operation: string) => ({
    operation,
    count: part.reduce((sum, { count }) => sum + count, 0),
    milliseconds: part.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
  });
  const rest = rows.slice(MOST_LINES);
  const shown = [
    ...rows.slice(0, MOST_LINES),
    ...(rest.length > 0 ? [total(rest, `${rest.length} other kinds`)] : []),
    total(rows, "all"),
  ];
  return terminalTable(
    shown.map(({ operation, count, milliseconds }) => ({
      operation,
      count: Math.round(count),
      ms: milliseconds.toFixed(2),
    })),
  );
}
