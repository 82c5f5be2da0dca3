import type { OnProgress } from "../../runtime/progress";
import { CHOICE_REPEATS, Choices, type Trial } from "./choices";
import { fitOf, type LineName, type Rates, type SceneLine } from "./line";
import type { SceneKind } from "./repeat-plan";
import { groupsOfFold } from "./repeat-plan";
import { doTasks } from "./worker-pool";

/** Each line begins with three step sizes, the same for all lines of a regime. */
const GRIDS: Readonly<Record<string, readonly Rates[]>> = {
  "colour histogram": heads(3e-3, 1e-2, 3e-2),
  "middle-layer probe": heads(3e-3, 1e-2, 3e-2),
  probe: heads(1e-3, 3e-3, 1e-2),
  "last stage": [1e-4, 3e-4, 1e-3].map((stageLearningRate) => ({
    headLearningRate: 1e-3,
    stageLearningRate,
  })),
};

/** Further step sizes that a line gets, where the best so far is the smallest or the largest. */
const EXTRA = 1;

/** Where step sizes stand; the next one beyond a grid is its neighbour here. */
const LADDER = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1];

const FOLD = 0;

function heads(...rates: number[]): Rates[] {
  return rates.map((headLearningRate) => ({ headLearningRate }));
}

/**
 * Chooses the step sizes of lines by one protocol with one budget: three of them, and one more beyond the end of
 * the grid at which the best lies, each tried on two repeats that no table uses, on one fold, by validation accuracy alone.
 * What was tried before is not tried again.
 *
 * The scenes' law and the number of epochs are no part of the choice.
 * @param onTrials told all that is known after each trial, to keep it
 */
export async function chooseRates(
  lines: readonly SceneLine[],
  known: Choices,
  onTrials: (choices: Choices) => Promise<void>,
  onProgress: OnProgress,
): Promise<Choices> {
  let choices = known;
  const groups = groupsOfFold(FOLD);
  await doTasks<"scenes">(
    CHOICE_REPEATS.flatMap((repeat) =>
      [...groups.training, groups.validation].map((group) => ({
        kind: "scenes" as const,
        repeat,
        group,
        scenes: "mixture" as SceneKind,
      })),
    ),
    async () => {},
  );
  for (let extra = 0; extra <= EXTRA; extra++) {
    const tasks = lines
      .flatMap((line) => openRates(line, choices, extra).map((rates) => ({ line, rates })))
      .flatMap(({ line, rates }) =>
        CHOICE_REPEATS.filter((repeat) => !wasTried(choices, line, rates, repeat)).map((repeat) => ({
          kind: "choose" as const,
          repeat,
          fold: FOLD,
          fit: fitOf(line, rates),
        })),
      )
      // The folds' features are loaded once each.
      .sort((one, other) => one.repeat - other.repeat);
    let done = 0;
    if (tasks.length > 0) onProgress(0, tasks.length);
    await doTasks<"choose">(tasks, async ({ fit, repeat }, best) => {
      const trial: Trial = {
        regime: fit.regime,
        pooling: fit.pooling,
        headRate: fit.plan.headLearningRate,
        stageRate: fit.plan.stageLearningRate ?? 0,
        repeat,
        bestEpoch: best.epoch,
        validationAccuracy: best.validationAccuracy,
        validationLoss: best.validationLoss,
      };
      choices = new Choices([...choices.trials, trial]);
      await onTrials(choices);
      onProgress(++done, tasks.length);
    });
  }
  return choices;
}

/** The grid of a line, and then one step beyond it where the best of what was tried lies at an end. */
function openRates(line: LineName, choices: Choices, extra: number): Rates[] {
  const grid = GRIDS[line.regime]!;
  if (extra === 0) return [...grid];
  const ofRate = (rates: Rates) => rates.stageLearningRate ?? rates.headLearningRate;
  const tried = choices.candidates(line).map(({ rates }) => rates);
  if (tried.length >= grid.length + extra) return [];
  const best = ofRate(tried[0]!);
  const sorted = tried.map(ofRate).sort((a, b) => a - b);
  const step = best === sorted[0] ? -1 : best === sorted.at(-1) ? 1 : 0;
  const next = LADDER[LADDER.indexOf(best) + step];
  if (step === 0 || next === undefined) return [];
  const which = tried[0]!.stageLearningRate ? "stageLearningRate" : "headLearningRate";
  return [{ ...tried[0]!, [which]: next }];
}

function wasTried({ trials }: Choices, line: LineName, rates: Rates, repeat: number): boolean {
  return trials.some(
    (trial) =>
      trial.regime === line.regime &&
      trial.pooling === line.pooling &&
      trial.headRate === rates.headLearningRate &&
      trial.stageRate === (rates.stageLearningRate ?? 0) &&
      trial.repeat === repeat,
  );
}
