import { comparePaired, meanInterval } from "../../statistics/intervals";
import type { Report, Row } from "../experiment";
import { comparisonFields, intervalFields } from "../report-cells";
import { COMPARED_MODEL, COMPARISONS, RANKED, TITLE, TRUTHS } from "./grid";
import { FACTS, MEASURES, type Measure } from "./measures";
import { METHODS } from "./plan";
import { rankAgreement } from "./rank-agreement";
import { panelsFigure } from "./report-figure";
import {
  comparisonsTable,
  type Mean,
  modelTables,
  noteOf,
  type RankedScore,
  rankingTable,
  worthsTable,
} from "./report-tables";
import { type ModelRows, type SceneRow, wholeRuns } from "./whole-runs";

/** Things are the unit: what is known of one in several scenes is one value. Models are trained on others than they explain. */
const BY_THING = { testToTraining: 0 };

/**
 * Means, intervals, paired comparisons and the ranking of the methods, computed from the rows and from nothing else.
 * @throws UserError when rows are there twice or unreadable, or no model is there as a whole.
 */
export function reportOf(rows: readonly Row[]): Report {
  const models = wholeRuns(rows);
  const means = models.flatMap(meansOf);
  const compared = models.find(({ model }) => model === COMPARED_MODEL)!;
  const comparisons = COMPARISONS.map((comparison) => {
    const { measure, first, second } = comparison;
    const ofMethod = (method: string) => byThing(compared.scenes, ({ scores }) => scores[method]![measure]);
    const result = comparePaired(ofMethod(first), ofMethod(second), {
      ...BY_THING,
      comparisons: COMPARISONS.length,
    });
    return { ...comparison, result };
  });
  const ranked = models.flatMap(rankedScores);
  const names = models.map(({ model }) => model);
  return {
    summary: [
      ...means.map(({ interval, ...mean }) => ({
        ...mean,
        things: interval.runs,
        ...intervalFields(interval),
      })),
      ...ranked.flatMap(rankingRows),
    ],
    comparisons: comparisons.map(({ result, ...comparison }) => ({
      ...comparison,
      ...comparisonFields(result),
    })),
    tables: [
      ...names.flatMap((model) => modelTables(model, means, markedShares(models))),
      worthsTable(names, means),
      rankingTable(
        ranked,
        TRUTHS.map((truth) => MEASURES.find(({ column }) => column === truth)!.title.replace(/, .*$/, "")),
      ),
      comparisonsTable(comparisons),
    ],
    note: noteOf(new Map(models.map(({ model, scenes }) => [model, scenes.length])), COMPARISONS.length),
    figure: panelsFigure(means, TITLE),
  };
}

function meansOf({ model, methods, scenes }: ModelRows): Mean[] {
  const meanOf = (method: string, measure: string, read: (scene: SceneRow) => number): Mean[] => {
    const values = byThing(scenes, read);
    // Not asked of this method, or of too few things.
    if (values.length < 2) return [];
    const asked = scenes.filter((scene) => !Number.isNaN(read(scene))).length;
    return [{ model, method, measure, scenes: asked, interval: meanInterval(values, BY_THING) }];
  };
  return [
    ...FACTS.flatMap((fact) => meanOf("", fact, ({ facts }) => facts[fact])),
    ...methods.flatMap((method) =>
      MEASURES.flatMap(({ column }) => meanOf(method, column, ({ scores }) => scores[method]![column])),
    ),
  ];
}

/** The mean of each thing's scenes that have a number, in the order of the things' names. */
function byThing(scenes: readonly SceneRow[], read: (scene: SceneRow) => number): number[] {
  const values = new Map<string, number[]>();
  for (const scene of scenes) {
    const value = read(scene);
    if (!Number.isNaN(value)) values.set(scene.thing, [...(values.get(scene.thing) ?? []), value]);
  }
  return [...values]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, own]) => own.reduce((sum, value) => sum + value, 0) / own.length);
}

/** The share of a method's maps that are marked, of the methods that sample or step. */
function markedShares(models: readonly ModelRows[]): Map<string, number> {
  const shares = models.flatMap(({ model, methods, scenes }) =>
    methods.flatMap((method): [string, number][] => {
      const runs = scenes.map(({ scores }) => scores[method]!).filter(({ runs }) => !Number.isNaN(runs));
      const marked = runs.filter(({ gap, agreement }) => gap > 0.05 || agreement < 0.9).length;
      return runs.length > 0 ? [[`${model} | ${method}`, marked / runs.length]] : [];
    }),
  );
  return new Map(shares);
}

/** The methods without the controls, ranked by each score and by the causal truths. */
function rankedScores({ model, methods, scenes }: ModelRows): RankedScore[] {
  const own = methods.filter((name) => METHODS.some((method) => method.name === name && "explain" in method));
  const things = scenes.map(({ thing }) => thing);
  const valuesOf = ({ column, lessIsBetter }: Measure) =>
    scenes.map(({ scores }) =>
      own.map((method) => (lessIsBetter ? -1 : 1) * scores[method]![column as keyof (typeof scores)[string]]),
    );
  return RANKED.map((score) => ({
    model,
    score,
    agreements: TRUTHS.map((truth) =>
      rankAgreement(valuesOf(score), valuesOf(MEASURES.find(({ column }) => column === truth)!), things),
    ),
  }));
}

/** The agreements as lines of the summary: the "method" is the score that ranks. */
function rankingRows({ model, score, agreements }: RankedScore): Row[] {
  return agreements.map(({ agreement, lower, upper }, i) => ({
    model,
    method: `ranked by ${score.column}`,
    measure: `agreement with ${TRUTHS[i]!}`,
    scenes: "",
    things: "",
    mean: agreement.toFixed(6),
    lower: lower.toFixed(6),
    upper: upper.toFixed(6),
    standard_deviation: "",
  }));
}
