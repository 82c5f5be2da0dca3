import { sha256 } from "../../runtime/sha256";
import { codeDigest } from "../code-digest";
import { canonical, type RunConfig } from "../run-record";
import type { Choices } from "../scene-tables/choices";
import { fitOf, type LineFit, type LineName } from "../scene-tables/line";
import type { RepeatPlan } from "../scene-tables/repeat-plan";
import { FOLD, MODELS, SETTINGS } from "./plan";
import { scenesOf } from "./run-model";

/** One scene that is explained for one model. */
export interface SceneJob {
  line: LineName;
  fit: LineFit;
  seed: number;
  /** Number of the scene among those of its seed, from 0. */
  number: number;
  /** The hash of what decides the digits, but for the code: committed rows of this name are this scene's, on any machine. */
  name: string;
  /** The same with the code's digest, under which a record is kept on this machine. */
  config: RunConfig;
}

/** The entry of the code that decides a scene's digits. */
const CODE = ["experiments/explanations-and-causes/run-model"];

/** The scenes of all models on some repeats, model by model. */
export function jobsOf(
  plans: readonly RepeatPlan[],
  { backbone, machine, choices }: { backbone: string; machine: Record<string, unknown>; choices: Choices },
): SceneJob[] {
  const code = codeDigest(CODE);
  return plans.flatMap((plan) =>
    MODELS.flatMap((line) => {
      const fit = fitOf(line, choices.ratesOf(line));
      return scenesOf(plan).map((_, number) => {
        const decides = {
          scenes: plan.digest,
          backbone,
          machine,
          fold: FOLD,
          fit,
          settings: SETTINGS,
          number,
        };
        const name = sha256(canonical(decides)).slice(0, 16);
        const config = { experiment: "explanations-and-causes", seed: plan.repeat, code, ...decides };
        return { line, fit, seed: plan.repeat, number, name, config };
      });
    }),
  );
}
