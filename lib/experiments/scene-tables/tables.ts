import { COLOURS, type SceneLine, TRUE_MASK } from "./line";

const MIDDLE = "middle-layer probe";
const LAST = "probe";
const TUNED = "last stage";

const measured = (regime: string, pooling: string, typicalSeconds: number): SceneLine => ({
  regime,
  pooling,
  role: "measured",
  typicalSeconds,
});

/** Pools by the true mask of the target, which no model that is used would know. */
const ceiling = (regime: string, typicalSeconds: number): SceneLine => ({
  regime,
  pooling: TRUE_MASK,
  role: "ceiling",
  typicalSeconds,
});

const floor: SceneLine = { regime: COLOURS, pooling: "none", role: "floor", typicalSeconds: 3 };

/** The regimes of the first table, each with the mean, its control of capacity, attention and the ceiling. */
export const REGIMES = [MIDDLE, LAST, TUNED] as const;

/** The lines of the table of regimes, from the floor up. */
export const REGIME_LINES: readonly SceneLine[] = [
  floor,
  measured(MIDDLE, "mean", 2),
  measured(MIDDLE, "hidden mean", 10),
  measured(MIDDLE, "attention", 12),
  ceiling(MIDDLE, 2),
  measured(LAST, "mean", 3),
  measured(LAST, "hidden mean", 12),
  measured(LAST, "attention", 12),
  ceiling(LAST, 3),
  measured(TUNED, "mean", 24),
  measured(TUNED, "hidden mean", 25),
  measured(TUNED, "attention", 25),
  ceiling(TUNED, 24),
];

/**
 * The lines of the table of poolings, all on frozen tokens of a middle layer: controls first, then the family. Self-attention
 * between the tokens is left out: on 196 of them it takes as long as half of all others together.
 */
export const POOLING_LINES: readonly SceneLine[] = [
  measured(MIDDLE, "mean", 2),
  measured(MIDDLE, "projected mean", 7),
  measured(MIDDLE, "mean hidden", 2),
  measured(MIDDLE, "hidden mean", 10),
  measured(MIDDLE, "max", 2),
  measured(MIDDLE, "generalised mean", 8),
  measured(MIDDLE, "frozen-vector attention", 8),
  measured(MIDDLE, "attention", 12),
  measured(MIDDLE, "hidden attention", 24),
  measured(MIDDLE, "gated attention", 10),
  measured(MIDDLE, "multi-head attention", 9),
  measured(MIDDLE, "class attention", 7),
  measured(MIDDLE, "efficient probing", 8),
  measured(MIDDLE, "SimPool", 11),
  measured(MIDDLE, "AIM attentive probe", 9),
  measured(MIDDLE, "V-JEPA attentive block", 10),
  measured(MIDDLE, "CaiT class attention", 14),
  ceiling(MIDDLE, 2),
];

/** Every line of a table, once. */
export const ALL_LINES: readonly SceneLine[] = [
  ...REGIME_LINES,
  ...POOLING_LINES.filter(
    ({ pooling }) => !REGIME_LINES.some((line) => line.regime === MIDDLE && line.pooling === pooling),
  ),
];
