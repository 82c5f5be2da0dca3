import type { Comparison, Family } from "../scene-tables/judge-table";
import { REGIMES } from "../scene-tables/tables";

const [MIDDLE, LAST, TUNED] = REGIMES;

const features: Readonly<Record<(typeof REGIMES)[number], string>> = {
  [MIDDLE]: "frozen middle-layer features",
  [LAST]: "frozen last features",
  [TUNED]: "features of a fine-tuned last stage",
};

const against: Readonly<Record<string, string>> = {
  mean: "the mean",
  "hidden mean": "a hidden layer on every token and the mean",
};

/** Attention against the mean, or against its control of capacity, in each regime. */
const attentionAgainst = (pooling: string): Comparison[] =>
  REGIMES.map((regime) => ({
    question: `Attention instead of ${against[pooling]}, on ${features[regime]}`,
    first: { regime, pooling: "attention" },
    second: { regime, pooling },
  }));

const regimeAgainst = (first: string, second: string, said: string): Comparison[] =>
  ["mean", "hidden mean", "attention"].map((pooling) => ({
    question: `${said}, with ${against[pooling] ?? pooling}`,
    first: { regime: first, pooling },
    second: { regime: second, pooling },
  }));

/** What is asked of every cell of the surface too. */
export const OVER_MEAN = attentionAgainst("mean");
export const OVER_HIDDEN = attentionAgainst("hidden mean");

/** Named before any result was seen. */
export const FAMILIES: readonly Family[] = [
  { title: "When does attention help?", comparisons: [...OVER_MEAN, ...OVER_HIDDEN] },
  {
    title: "Frozen or fine-tuned?",
    comparisons: [
      ...regimeAgainst(TUNED, LAST, "Fine-tuning the last stage"),
      ...regimeAgainst(LAST, MIDDLE, "The last layer instead of a middle one, both frozen"),
    ],
  },
];
