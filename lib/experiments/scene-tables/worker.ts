import * as path from "node:path";
import type { Backbone } from "../../backbones/backbone";
import type { SceneCollection } from "../../datasets/scenes/collection";
import { cacheFolder } from "../../node/files";
import { loadEfficientNetLite0 } from "../../node/load-efficientnet-lite0";
import { loadSceneCollection } from "../../node/load-scene-collection";
import { saveTransferModel } from "../../node/transfer-model-file";
import { UserError } from "../../runtime/user-error";
import type { EpochRecord } from "../../transfer/trainer";
import { FoldData } from "./fold-data";
import { groupScenes } from "./group-scenes";
import type { LineFit } from "./line";
import { planRepeat, type RepeatPlan, type SceneKind } from "./repeat-plan";
import { type LineResult, testLine, trainLine } from "./run-line";

/** What a worker is asked to do: plain data, since it is sent to another process. */
export type Task =
  /** Makes the scenes of a group and looks at them, so that folds find them on disk. */
  | { kind: "scenes"; repeat: number; group: number; scenes: SceneKind }
  /** Trains a line on a fold and tests it; its model is kept in the cache under the run's name. */
  | { kind: "run"; repeat: number; fold: number; fit: LineFit; name: string }
  /** Trains a line on a fold and looks at its validation scenes alone. */
  | { kind: "choose"; repeat: number; fold: number; fit: LineFit };

/** What comes back of each kind of task. */
export interface TaskResults {
  scenes: null;
  run: LineResult;
  choose: EpochRecord;
}

/** An answer to a task: its result, or why there is none. */
export interface Reply {
  result?: TaskResults[Task["kind"]];
  error?: { message: string; isUserError: boolean };
}

/** The file that keeps the model of a run, for what is asked of it later. */
export function modelFile(name: string): string {
  return path.join(cacheFolder(), "models", `${name}.safetensors`);
}

/** Does the tasks that the process is sent, one after the other. */
class Worker {
  private loaded: Promise<[SceneCollection, Backbone]> | undefined;
  private plan: RepeatPlan | undefined;
  private data: FoldData | undefined;

  async work(task: Task): Promise<TaskResults[Task["kind"]]> {
    this.loaded ??= Promise.all([loadSceneCollection(), loadEfficientNetLite0()]);
    const [collection, backbone] = await this.loaded;
    if (this.plan?.repeat !== task.repeat) this.plan = planRepeat(collection, task.repeat);
    if (task.kind === "scenes") {
      await groupScenes(collection, backbone, this.plan, task.group, task.scenes);
      return null;
    }
    // One fold at a time is in memory, some 700 MB with its last features.
    if (this.data?.plan !== this.plan || this.data.fold !== task.fold)
      this.data = new FoldData(collection, backbone, this.plan, task.fold);
    const trained = await trainLine(task.fit, this.data, backbone);
    try {
      if (task.kind === "choose") return trained.best;
      if (task.fit.transfer) await saveTransferModel(trained.model, modelFile(task.name));
      return await testLine(task.fit, trained, this.data, backbone);
    } finally {
      trained.model.dispose();
    }
  }
}

if (require.main === module) {
  const worker = new Worker();
  process.on("message", (task: Task) => {
    const reply = (answer: Reply) => process.send!(answer);
    worker.work(task).then(
      (result) => reply({ result }),
      (error: Error) => {
        const isUserError = error instanceof UserError;
        reply({ error: { message: isUserError ? error.message : String(error.stack), isUserError } });
      },
    );
  });
}
