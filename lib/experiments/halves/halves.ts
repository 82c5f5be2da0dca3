import type { Backbone } from "../../backbones/backbone";
import { dealFolds } from "../../datasets/folds";
import type { SceneCollection } from "../../datasets/scenes/collection";
import type { OnProgress } from "../../runtime/progress";
import { type Answer, answerTable, type Thing } from "../../statistics/answer-table";
import { type HalvesAgreement, halvesAgreement } from "../../statistics/halves";
import { judgeLines, type LineComparison } from "../../statistics/judge-lines";
import { lineName } from "../scene-tables/answers";
import type { Choices } from "../scene-tables/choices";
import { FoldData, type LineData } from "../scene-tables/fold-data";
import { fitOf, type LineName } from "../scene-tables/line";
import { planRepeat } from "../scene-tables/repeat-plan";
import { testLine, trainLine } from "../scene-tables/run-line";
import { halfOf, targetsOf } from "./half-data";

const MIDDLE = "middle-layer probe";

/** The lines of the check: their fits are quick, and their differences are the ones that the first table is about. */
const LINES: readonly LineName[] = ["mean", "hidden mean", "attention"].map((pooling) => ({
  regime: MIDDLE,
  pooling,
}));

/** The two differences that both halves estimate. */
export const COMPARISONS = [
  [`${MIDDLE}, attention`, `${MIDDLE}, mean`],
  [`${MIDDLE}, attention`, `${MIDDLE}, hidden mean`],
] as const;

/** Repeats of a half: fewer than a table has, so that halves are many. */
const REPEATS = [0, 1] as const;

/** A comparison in both halves of the things, halving by halving. */
export interface HalvesOfComparison {
  comparison: (typeof COMPARISONS)[number];
  halves: readonly (readonly [LineComparison, LineComparison])[];
  agreement: HalvesAgreement;
}

export interface HalvesOptions {
  collection: SceneCollection;
  backbone: Backbone;
  choices: Choices;
  /** How often things are dealt into halves, at least 2. */
  halvings: number;
}

/**
 * Holds claimed standard errors against what another set of things gives, without the model behind them: things are dealt
 * into halves, heads are trained and tested in each half alone on its own scenes of the tables' repeats, and both estimate
 * the same two differences. Backgrounds and distractors are common to both halves, so their part is left out of the claims.
 */
export async function checkHalves(
  { collection, backbone, choices, halvings }: HalvesOptions,
  onProgress: OnProgress,
): Promise<HalvesOfComparison[]> {
  const dealt = dealFolds(collection.targets, { folds: 2, repeats: halvings, seed: 0 });
  const plans = REPEATS.map((repeat) => planRepeat(collection, repeat));
  const answers = dealt.map(() => [[], []] as [Answer[], Answer[]]);
  const folds = plans.flatMap((plan) => plan.groups.map(({ number }) => ({ plan, fold: number })));
  let done = 0;
  // All halves of a fold share its features, which are loaded once.
  for (const { plan, fold } of folds) {
    const data = new FoldData(collection, backbone, plan, fold);
    for (const [halving, halfOfThing] of dealt.entries()) {
      for (const half of [0, 1] as const) {
        const own = new Set(
          collection.targets.filter((_, i) => halfOfThing[i] === half).map(({ file }) => file),
        );
        const part = halfOf(data, (target) => own.has(target));
        for (const line of LINES)
          answers[halving]![half].push(...(await answersOfHalf(part, line, choices, backbone, own)));
        onProgress(++done, folds.length * halvings * 2);
      }
    }
  }
  const judged = answers.map((halves) => halves.map((half) => comparisonsOf(collection, half)));
  return COMPARISONS.map((comparison, k) => {
    const halves = judged.map(([first, second]) => [first![k]!, second![k]!] as const);
    const pairs = halves.map(([first, second]) => ({ first: claimOf(first), second: claimOf(second) }));
    return { comparison, halves, agreement: halvesAgreement(pairs) };
  });
}

async function answersOfHalf(
  data: LineData,
  line: LineName,
  choices: Choices,
  backbone: Backbone,
  own: ReadonlySet<string>,
): Promise<Answer[]> {
  const fit = fitOf(line, choices.ratesOf(line));
  const trained = await trainLine(fit, data, backbone);
  try {
    const { cells } = await testLine(fit, trained, data, backbone);
    const shown = targetsOf(data, "cells").filter((target) => own.has(target));
    const [repeat, fold] = [data.plan.repeat, data.fold];
    const scenes = new Map<string, number>();
    return shown.map((thing, i) => {
      const scene = scenes.get(thing) ?? 0;
      scenes.set(thing, scene + 1);
      return { line: lineName(line), thing, repeat, fold, scene, correct: cells[i]! };
    });
  } finally {
    trained.model.dispose();
  }
}

function comparisonsOf({ targets }: SceneCollection, answers: readonly Answer[]): LineComparison[] {
  const tested = new Set(answers.map(({ thing }) => thing));
  const things = targets
    .filter(({ file }) => tested.has(file))
    .map(({ file, className, group }): Thing => ({ name: file, className, group }));
  return judgeLines(answerTable(things, answers), COMPARISONS).comparisons;
}

const claimOf = ({ difference, standardError }: LineComparison) => ({ estimate: difference, standardError });
