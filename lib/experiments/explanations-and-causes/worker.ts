import { loadEfficientNetLite0 } from "../../node/load-efficientnet-lite0";
import { loadSceneCollection } from "../../node/load-scene-collection";
import { UserError } from "../../runtime/user-error";
import type { LineFit } from "../scene-tables/line";
import { planRepeat } from "../scene-tables/repeat-plan";
import type { SceneResult } from "./explain-scene";
import { runModel } from "./run-model";

/** What a worker is asked to do: to train a model and to explain its answers to some scenes. */
export interface ModelTask {
  seed: number;
  fit: LineFit;
  /** Numbers of the scenes. */
  scenes: number[];
}

/** What it says: a scene that is done, the end, or why there is none. */
export type Reply =
  | { kind: "scene"; number: number; result: SceneResult; seconds: number }
  | { kind: "end" }
  | { kind: "error"; message: string; isUserError: boolean };

async function work({ seed, fit, scenes }: ModelTask, reply: (answer: Reply) => void): Promise<void> {
  const collection = await loadSceneCollection();
  const backbone = await loadEfficientNetLite0();
  const source = { collection, backbone, plan: planRepeat(collection, seed) };
  await runModel(fit, scenes, source, (number, result, seconds) =>
    reply({ kind: "scene", number, result, seconds }),
  );
}

if (require.main === module) {
  const reply = (answer: Reply) => process.send!(answer);
  process.once("message", (task: ModelTask) => {
    work(task, reply).then(
      () => reply({ kind: "end" }),
      (error: Error) => {
        const isUserError = error instanceof UserError;
        reply({ kind: "error", isUserError, message: isUserError ? error.message : String(error.stack) });
      },
    );
  });
}
