import type { MeanInterval, PairedComparison } from "../../statistics/intervals";
import type { ReportTable } from "../experiment";
import { percent } from "../report-cells";
import type { Measure } from "./measures";
import { FACTS, MEASURES } from "./measures";
import { METHODS, SCENES, SEEDS } from "./plan";
import type { RankAgreement } from "./rank-agreement";

/** What is known of one measure of one method of one model, or of one fact of a model. */
export interface Mean {
  model: string;
  method: string;
  measure: string;
  /** Scenes in which the measure has an answer. */
  scenes: number;
  interval: MeanInterval;
}

const OF_LINES = MEASURES.filter(
  ({ kind }) => kind === "place" || kind === "cause" || kind === "faithfulness",
);
const OF_DEPENDENCE = MEASURES.filter(({ kind }) => kind === "sanity" || kind === "convergence");
const right = "right" as const;

/** Two tables a model: what the maps are worth; and what they depend on, with how far methods had to go. */
export function modelTables(
  model: string,
  means: readonly Mean[],
  marked: ReadonlyMap<string, number>,
): ReportTable[] {
  const own = means.filter((mean) => mean.model === model);
  const methods = METHODS.filter(({ name }) => own.some(({ method }) => method === name));
  const cell = (method: string, { column, format }: Measure) => {
    const found = own.find((mean) => mean.method === method && mean.measure === column);
    return found ? written(found.interval, format) : "";
  };
  const table = (caption: string, measures: readonly Measure[], last: (method: string) => string[]) => ({
    caption,
    columns: [
      { title: "method", align: "left" as const },
      { title: "", align: "left" as const },
      ...measures.map(({ title }) => ({ title, align: right })),
    ],
    rows: methods.map((method) => [
      method.name,
      "explain" in method ? "" : "control",
      ...measures.map((measure) => cell(method.name, measure)),
      ...last(method.name),
    ]),
  });
  const dependence = table(
    `${model}: what the maps depend on, and how far methods had to go`,
    OF_DEPENDENCE,
    (method) => {
      const share = marked.get(`${model} | ${method}`);
      return [share === undefined ? "" : percent(share)];
    },
  );
  return [
    table(`${model}: all methods and measures`, OF_LINES, () => []),
    { ...dependence, columns: [...dependence.columns, { title: "not converged, %", align: right }] },
  ];
}

/** What the parts of the scenes are worth to the models. */
export function worthsTable(models: readonly string[], means: readonly Mean[]): ReportTable {
  const titles = {
    right: "right, %",
    target_worth: "worth of the target, logits",
    distractor_worth: "of a distractor",
    background_worth: "of the background",
  };
  return {
    columns: [
      { title: "model", align: "left" },
      ...FACTS.map((fact) => ({ title: titles[fact], align: right })),
    ],
    rows: models.map((model) => [
      model,
      ...FACTS.map((fact) => {
        const found = means.find(
          (mean) => mean.model === model && mean.method === "" && mean.measure === fact,
        );
        return written(found!.interval, fact === "right" ? "percent" : "number");
      }),
    ]),
  };
}

/** A score's ranking of the methods beside the ranking by each causal truth. */
export interface RankedScore {
  model: string;
  score: Measure;
  agreements: RankAgreement[];
}

/** Which scores rank methods as the causes do. */
export function rankingTable(ranked: readonly RankedScore[], truths: readonly string[]): ReportTable {
  return {
    columns: [
      { title: "model", align: "left" },
      { title: "methods ranked by", align: "left" },
      ...truths.map((truth) => ({ title: `agrees with ${truth}, ρ`, align: "centre" as const })),
    ],
    rows: ranked.map(({ model, score, agreements }) => [
      model,
      score.title.replace(/, .*$/, ""),
      ...agreements.map(
        ({ agreement, lower, upper }) => `${signed(agreement)} (${signed(lower)} … ${signed(upper)})`,
      ),
    ]),
  };
}

/** What was asked, and what the things answer: one line a question. */
export function comparisonsTable(
  comparisons: readonly { question: string; result: PairedComparison }[],
): ReportTable {
  const verdict = ({ detected, mean }: PairedComparison) =>
    detected ? (mean > 0 ? "more" : "less") : "no detectable difference";
  return {
    columns: [
      { title: "question, paired by thing", align: "left" },
      { title: "difference", align: right },
      { title: "95 % interval", align: "centre" },
      { title: "verdict", align: "left" },
      { title: "smallest detectable", align: right },
    ],
    rows: comparisons.map(({ question, result }) => [
      question,
      signed(result.mean),
      `${signed(result.lower)} … ${signed(result.upper)}`,
      verdict(result),
      result.smallestDetectable.toFixed(2),
    ]),
  };
}

/** How the tables are to be read. */
export function noteOf(scenes: ReadonlyMap<string, number>, comparisons: number): string {
  const planned = SEEDS.length * SCENES;
  const done = [...scenes].map(([model, count]) => `${count} of ${planned} scenes of "${model}"`).join(", ");
  return (
    `Computed so far: ${done}. In each repeat the model is trained on the first fold and the first ${SCENES} scenes of its test ` +
    "group that hold a distractor (one to six) are explained: the predicted class. Means over things (near-duplicates together) ± half " +
    "their 95 % interval, which holds for other things under these models. Maps are compared on the token grid, 7 × 7; RISE's is taken " +
    "from its lowest value on. *Mass inside*: share of the map on the target. *Selectivity*: mass per area on the target, as a share of " +
    "that on target and distractors: 50 % can't tell them apart. *Pointing game*: is the map's maximum on the target? *Causal rank*: rank correlation, over " +
    "the scene's parts, of the map's mass per area (*in sum*: of its mass) with the drop of the logit when the scene is rendered again without the part, " +
    "the background being replaced by four others in turn. *Causal overlap*: how much of the map's mass is where positive worth is. *Deletion*, *insertion*: area under the probability of " +
    "the class while cells are blurred away, or brought back, in the map's order. *ROAD*: how much more of the class is left without the least relevant 20, 40 and 60 % of the " +
    "cells than without the most relevant, imputed. *MuFidelity*: correlation of relevance within, and loss without, 128 random fifths of the cells. *Random order* is chance. " +
    "*Efficient MPRT*: by which share the map gets more complex when all that was trained is shuffled. *Random logit*: rank correlation with the map of another class. Integrated gradients and RISE, whose maps take " +
    "most of the time, were not put to these two. *Runs*: steps, masks or copies; *gap*: by how much attributions miss the gain; *halves*: rank correlation of two halves of the samples; a map *not converged* " +
    "misses by more than 5 %, or its halves agree at less than 0.9 with 1,024 steps, 1,024 masks or 256 copies. The ranking of the methods by a score, without the controls, agrees with that by a causal truth at ρ (95 % interval by bootstrap over things; scores in which less is better are turned round). " +
    `The ${comparisons} comparisons are of the model with attention, and their intervals hold together (Bonferroni); differences of selectivity are shares, not percent. The smallest detectable difference is the one that would be found in four cases of five.`
  );
}

function written({ mean, lower, upper }: MeanInterval, format: Measure["format"]): string {
  const half = (upper - lower) / 2;
  if (format === "percent") return `${percent(mean).replace("-", "−")} ± ${percent(half)}`;
  if (format === "count") return mean.toFixed(0);
  return `${signed(mean).replace("+", "")} ± ${half.toFixed(2)}`;
}

const signed = (value: number) => {
  const size = Math.abs(value).toFixed(2);
  return size === "0.00" ? size : `${value < 0 ? "−" : "+"}${size}`;
};
