import { type ChildProcess, fork } from "node:child_process";
import * as os from "node:os";
import * as path from "node:path";
import { UserError } from "../../runtime/user-error";
import type { Reply, Task, TaskResults } from "./worker";

/** Memory that a worker takes with the features of a fold, in bytes. */
const WORKER_MEMORY = 2 * 2 ** 30;

/** What the workers compute with, whatever the machine has: part of every run's config. */
export const WORKER_THREADS = 1;

/**
 * Does tasks in processes of their own, one a core, each with a single TensorFlow thread. On two cores that was 1.5 times as
 * fast as one process with two threads, and digits don't depend on how many cores there are: only how many tasks are done at
 * once does.
 *
 * A worker goes on with the fold whose features it has in memory as long as there is something to do for it.
 * @param onDone called with each result as it comes, in any order
 * @throws the first error of a task, after which nothing more is begun; results that came before were handed on
 */
export async function doTasks<Kind extends Task["kind"]>(
  tasks: readonly Extract<Task, { kind: Kind }>[],
  onDone: (task: Extract<Task, { kind: Kind }>, result: TaskResults[Kind], seconds: number) => Promise<void>,
): Promise<void> {
  const open = [...tasks];
  const count = Math.max(
    1,
    Math.min(tasks.length, os.availableParallelism(), Math.floor(os.totalmem() / WORKER_MEMORY)),
  );
  const busy = new Map<number, string>();
  const next = (worker: number): (typeof open)[number] | undefined => {
    const others = new Set([...busy].filter(([other]) => other !== worker).map(([, place]) => place));
    const own = busy.get(worker);
    const chosen =
      open.find((task) => placeOf(task) === own) ??
      open.find((task) => !others.has(placeOf(task))) ??
      open[0];
    if (chosen) open.splice(open.indexOf(chosen), 1);
    return chosen;
  };
  let failed = false;
  const serve = async (worker: number) => {
    const child = startWorker();
    try {
      for (let task = next(worker); task && !failed; task = next(worker)) {
        busy.set(worker, placeOf(task));
        const started = performance.now();
        const result = (await ask(child, task)) as TaskResults[Kind];
        await onDone(task, result, (performance.now() - started) / 1000);
      }
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      busy.delete(worker);
      child.kill();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: count }, (_, worker) => serve(worker)));
  const broken = ended.find((end) => end.status === "rejected");
  if (broken) throw broken.reason;
}

/** Tasks of one place share what a worker has in memory. */
function placeOf(task: Task): string {
  return task.kind === "scenes"
    ? `scenes ${task.repeat} ${task.group} ${task.scenes}`
    : `${task.repeat} ${task.fold}`;
}

function startWorker(): ChildProcess {
  return fork(path.join(__dirname, "worker.js"), {
    env: { ...process.env, TF_NUM_INTRAOP_THREADS: String(WORKER_THREADS), TF_NUM_INTEROP_THREADS: "1" },
    // Float32 arrays never travel; results are small.
    serialization: "json",
  });
}

/** @throws UserError where the task met one; Error with the worker's stack for a bug, or where the worker was ended */
function ask(child: ChildProcess, task: Task): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: string | null) => {
      child.off("message", answered);
      reject(
        new UserError(
          `A process that computes ended without an answer (${signal ?? `status ${code}`}). What was finished is kept: start again.`,
        ),
      );
    };
    const answered = ({ result, error }: Reply) => {
      child.off("exit", ended);
      if (!error) resolve(result);
      else reject(error.isUserError ? new UserError(error.message) : new Error(error.message));
    };
    child.once("exit", ended);
    child.once("message", answered);
    child.send(task);
  });
}
