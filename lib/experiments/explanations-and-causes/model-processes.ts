import { fork } from "node:child_process";
import * as os from "node:os";
import * as path from "node:path";
import { UserError } from "../../runtime/user-error";
import { WORKER_THREADS } from "../scene-tables/worker-pool";
import type { SceneResult } from "./explain-scene";
import type { ModelTask, Reply } from "./worker";

/** Memory that a process takes, in bytes. */
const PROCESS_MEMORY = 3 * 2 ** 30;

/** Told each scene as it is done. */
type OnScene = (task: ModelTask, number: number, result: SceneResult, seconds: number) => Promise<void>;

/**
 * Explains models in processes of their own, one a core, each with a single TensorFlow thread: digits don't depend on how many
 * cores there are.
 * @throws the first error, after which no further model is begun; scenes that came before were handed on
 */
export async function explainModels(tasks: readonly ModelTask[], onScene: OnScene): Promise<void> {
  const open = [...tasks];
  const room = Math.floor(os.totalmem() / PROCESS_MEMORY);
  const count = Math.max(1, Math.min(tasks.length, os.availableParallelism(), room));
  const serve = async () => {
    for (let task = open.shift(); task; task = open.shift()) {
      try {
        await explainModel(task, onScene);
      } catch (error) {
        open.length = 0;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: count }, serve));
  const broken = ended.find((end) => end.status === "rejected");
  if (broken) throw broken.reason;
}

function explainModel(task: ModelTask, onScene: OnScene): Promise<void> {
  const child = fork(path.join(__dirname, "worker.js"), {
    env: { ...process.env, TF_NUM_INTRAOP_THREADS: String(WORKER_THREADS), TF_NUM_INTEROP_THREADS: "1" },
  });
  let kept = Promise.resolve();
  const answered = new Promise<void>((resolve, reject) => {
    child.once("exit", (code, signal) =>
      reject(
        new UserError(
          `A process that explains ended without an answer (${signal ?? `status ${code}`}). What was finished is kept: start again.`,
        ),
      ),
    );
    child.on("message", (reply: Reply) => {
      if (reply.kind === "scene") {
        kept = kept.then(() => onScene(task, reply.number, reply.result, reply.seconds));
        kept.catch(reject);
      } else if (reply.kind === "end") kept.then(resolve, reject);
      else reject(reply.isUserError ? new UserError(reply.message) : new Error(reply.message));
    });
    child.send(task);
  });
  return answered.finally(() => child.kill());
}
