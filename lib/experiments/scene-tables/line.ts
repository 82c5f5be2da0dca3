import { ATTENTION_UNITS, type PoolingName } from "../../transfer/pooling-choice";
import { lastStage, middleLayerProbe, probe, type Regime } from "../../transfer/regimes";
import type { TrainingPlan } from "../../transfer/training-plan";

/** What a line of a table trains, but how fast: that is chosen by `npm run choose`. */
export interface LineName {
  /** As it stands in CSV files and tables. */
  regime: string;
  pooling: string;
}

/** A line of a table. */
export interface SceneLine extends LineName {
  /** What the line is there for. */
  role: "floor" | "measured" | "ceiling";
  /** Seconds of a fold on one thread, for the estimate of the time left. */
  typicalSeconds: number;
}

/** The features that are nothing but a picture's colours. */
export const COLOURS = "colour histogram";

/** The pooling that is given the target's mask, as tables name it. */
export const TRUE_MASK = "true mask";

/**
 * What each regime trains from where, and for how many epochs; the best of them by validation is kept. They are fewer than
 * the regimes of the notebooks take, for the sake of time; tables say where the best epoch was the last.
 */
const EPOCHS: readonly (readonly [Regime, number])[] = [
  [middleLayerProbe, 15],
  [probe, 10],
  [lastStage, 5],
];

/** Chosen like the rates of the heads, but how long a classifier on colours learns is of no weight. */
const COLOUR_EPOCHS = 40;

/** What is fitted for a line with a plan: plain data, which decides the digits of its runs. */
export interface LineFit extends LineName {
  plan: TrainingPlan;
  /** Where tokens come from and how they are pooled; absent for the colour histogram. */
  transfer?: { frozenUpTo: string; pooledAt: string; pooling: PoolingName; attentionUnits: number };
}

/** Adam's step sizes: of the head, and of the stage where one is fine-tuned. */
export type Rates = Pick<TrainingPlan, "headLearningRate" | "stageLearningRate">;

/** For how many epochs the lines of a regime are trained. */
export function epochsOf({ regime }: LineName): number {
  return EPOCHS.find(([{ name }]) => name === regime)?.[1] ?? COLOUR_EPOCHS;
}

/** What a line trains with these rates. */
export function fitOf({ regime, pooling }: LineName, rates: Rates): LineFit {
  const known = EPOCHS.find(([{ name }]) => name === regime)?.[0];
  const plan = { epochs: epochsOf({ regime, pooling }), batchSize: 32, ...rates };
  if (!known) return { regime, pooling, plan };
  const { frozenUpTo, pooledAt } = known;
  const name = pooling === TRUE_MASK ? "given" : (pooling as PoolingName);
  return {
    regime,
    pooling,
    plan,
    transfer: { frozenUpTo, pooledAt, pooling: name, attentionUnits: ATTENTION_UNITS },
  };
}
