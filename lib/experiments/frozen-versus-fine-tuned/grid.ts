import type { PoolingName } from "../../transfer/pooling-choice";
import { lastStage, middleLayerProbe, probe, type Regime } from "../../transfer/regimes";

export const TITLE = "Frozen versus fine-tuned, mean versus attention";

/** Each seed deals objects and backgrounds anew to train, validation and test, and draws its own weights. */
export const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** One line of the table. */
export interface Setting {
  /** As it stands in the CSV and the table. */
  regime: string;
  pooling: string;
  /** What the line is there for. */
  role: "floor" | "measured" | "ceiling";
  /** Absent for the colour histogram, which uses no backbone. */
  fit?: { regime: Regime; pooling: PoolingName };
  /** Seconds on a plain laptop: for the estimate of the time left, nothing else. */
  typicalSeconds: number;
}

const measured = (regime: Regime, pooling: PoolingName, typicalSeconds: number): Setting => ({
  regime: regime.name,
  pooling,
  role: "measured",
  fit: { regime, pooling },
  typicalSeconds,
});

/** Pools by the true mask of the object, which no model that is used would know. */
const ceiling = (regime: Regime, typicalSeconds: number): Setting => ({
  regime: regime.name,
  pooling: "true mask",
  role: "ceiling",
  fit: { regime, pooling: "given" },
  typicalSeconds,
});

/** The lines of the table, from the floor up. */
export const SETTINGS: readonly Setting[] = [
  { regime: "colour histogram", pooling: "none", role: "floor", typicalSeconds: 3 },
  measured(middleLayerProbe, "mean", 1),
  measured(middleLayerProbe, "attention", 5),
  ceiling(middleLayerProbe, 1),
  measured(probe, "mean", 2),
  measured(probe, "max", 2),
  measured(probe, "attention", 5),
  ceiling(probe, 2),
  measured(lastStage, "mean", 12),
  measured(lastStage, "attention", 12),
];

/** One question of the table: does the first line do better than the second, on the same seeds? */
export interface Comparison {
  question: string;
  first: { regime: string; pooling: string };
  second: { regime: string; pooling: string };
}

const line = (regime: Regime, pooling: string) => ({ regime: regime.name, pooling });

/** Named before any result was seen, and corrected for how many they are. */
export const COMPARISONS: readonly Comparison[] = [
  {
    question: "Attention instead of the mean, on frozen middle-layer features",
    first: line(middleLayerProbe, "attention"),
    second: line(middleLayerProbe, "mean"),
  },
  {
    question: "Attention instead of the mean, on frozen last features",
    first: line(probe, "attention"),
    second: line(probe, "mean"),
  },
  {
    question: "Attention instead of the mean, last stage fine-tuned",
    first: line(lastStage, "attention"),
    second: line(lastStage, "mean"),
  },
  {
    question: "Fine-tuning the last stage, with the mean",
    first: line(lastStage, "mean"),
    second: line(probe, "mean"),
  },
  {
    question: "Fine-tuning the last stage, with attention",
    first: line(lastStage, "attention"),
    second: line(probe, "attention"),
  },
];
