import type { Measure, MeasureColumn } from "./measures";
import { MEASURES } from "./measures";
import { type LineMethod, MODELS, modelName } from "./plan";

export const TITLE = "Where methods say that a model looks, and whether that is what its answer comes from";

/** The model whose methods are compared: the others are there to be held beside it. */
export const COMPARED_MODEL = modelName(MODELS[0]);

/** One question: is a measure of the first method another than that of the second, on the same things? */
export interface Comparison {
  question: string;
  measure: MeasureColumn;
  first: LineMethod;
  second: LineMethod;
}

const RIVALS = ["HiResCAM", "Grad-CAM", "RISE"] as const;

/** Named before any result was seen, and corrected for how many they are. */
export const COMPARISONS: readonly Comparison[] = [
  ...RIVALS.map(
    (second): Comparison => ({
      question: `Selectivity: attention against ${second}`,
      measure: "selectivity",
      first: "attention",
      second,
    }),
  ),
  ...RIVALS.map(
    (second): Comparison => ({
      question: `Causal rank: attention against ${second}`,
      measure: "causal_rank",
      first: "attention",
      second,
    }),
  ),
];

/** The measures whose ranking of the methods is held against that by the causes. */
export const RANKED: readonly Measure[] = MEASURES.filter(
  ({ kind }) => kind === "faithfulness" || kind === "place" || kind === "sanity",
);

/** The causal truths that rankings are held against. */
export const TRUTHS: readonly MeasureColumn[] = ["causal_rank", "causal_overlap"];
