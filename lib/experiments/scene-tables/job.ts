import type { SceneCollection } from "../../datasets/scenes/collection";
import { startTensorFlow } from "../../node/start-tensorflow";
import { sha256 } from "../../runtime/sha256";
import { codeDigest } from "../code-digest";
import { requireNative } from "../require-native";
import { canonical, type RunConfig } from "../run-record";
import type { Choices } from "./choices";
import { fitOf, type LineFit, type SceneLine } from "./line";
import { planRepeat, type RepeatPlan } from "./repeat-plan";
import { WORKER_THREADS } from "./worker-pool";

/** A line on one fold of one repeat. */
export interface Job {
  line: SceneLine;
  repeat: number;
  fold: number;
  fit: LineFit;
  /**
   * The hash of what decides the run's digits, but for the code: a committed row of this name is this run's, on any machine.
   * Whether today's code still gives its digits is what a spot check shows.
   */
  name: string;
  /** The same with the code's digest, under which a record is kept on this machine. */
  config: RunConfig;
}

/** What jobs of a table are made of. */
export interface JobSource {
  /** SHA-256 of the backbone's weights. */
  backbone: string;
  choices: Choices;
}

/** The entries of the code that decide a run's digits. */
const CODE = ["experiments/scene-tables/worker"];

/** Records of all tables on scenes lie together: lines that two tables share are run once. */
const RECORDS = "scenes";

/** The jobs of all lines on the folds of some repeats; those of a fold stand together. */
export async function jobsOf(
  lines: readonly SceneLine[],
  plans: readonly RepeatPlan[],
  { backbone, choices }: JobSource,
): Promise<Job[]> {
  const { backend, tensorflow, oneDnn, tfjs } = await startTensorFlow();
  requireNative(backend);
  const machine = { backend, tensorflow, oneDnn, tfjs, threads: WORKER_THREADS };
  const code = codeDigest(CODE);
  return plans.flatMap((plan) =>
    plan.groups.flatMap(({ number: fold }) =>
      lines.map((line) => {
        const fit = fitOf(line, choices.ratesOf(line));
        const decides = { scenes: plan.digest, backbone, machine, fold, fit };
        const name = sha256(canonical(decides)).slice(0, 16);
        const config = { experiment: RECORDS, seed: plan.repeat, code, ...decides };
        return { line, repeat: plan.repeat, fold, fit, name, config };
      }),
    ),
  );
}

/** Plans some repeats. */
export function plansOf(collection: SceneCollection, repeats: readonly number[]): RepeatPlan[] {
  return repeats.map((repeat) => planRepeat(collection, repeat));
}
