import { lastStage, middleLayerProbe, probe } from "../../transfer/regimes";
import type { LineMethod } from "./plan";

export const TITLE = "Where methods say that a model looks, and whether its answer depends on it";

/** Each seed deals objects and backgrounds anew; these are the first seeds of frozen-versus-fine-tuned. */
export const SEEDS = [0, 1, 2, 3, 4] as const;

/** What is explained: each with attention pooling, fitted as in frozen-versus-fine-tuned. */
export const REGIMES = [middleLayerProbe, probe, lastStage] as const;

/** Seconds of a run on a plain laptop: for the estimate of the time left, nothing else. */
export const TYPICAL_SECONDS: Record<string, number> = {
  [middleLayerProbe.name]: 25,
  [probe.name]: 30,
  [lastStage.name]: 40,
};

/** What is measured of the maps of one method, mean over the images of a run. */
export interface Measure {
  column: string;
  /** Head of the column on the page, with its unit. */
  title: string;
  /** What it can be. */
  range: readonly [number, number];
  format: "percent" | "number";
}

const share = [0, 1] as const;

export const MEASURES = [
  { column: "mass_inside", title: "mass inside, %", range: share, format: "percent" },
  { column: "pointing_game", title: "pointing game, %", range: share, format: "percent" },
  { column: "best_iou", title: "best IoU, %", range: share, format: "percent" },
  { column: "max_box_accuracy", title: "MaxBoxAcc, %", range: share, format: "percent" },
  { column: "deletion", title: "deletion, % ↓", range: share, format: "percent" },
  { column: "insertion", title: "insertion, % ↑", range: share, format: "percent" },
  { column: "leave_one_out", title: "leave-one-out, ρ", range: [-1, 1], format: "number" },
  { column: "leave_one_out_signed", title: "the same, signed, ρ", range: [-1, 1], format: "number" },
] as const satisfies readonly Measure[];

export type MeasureColumn = (typeof MEASURES)[number]["column"];

/** What is asked of a model's attention itself, once a run: columns that only the rows of `attention` fill. */
export const CHECKS = [
  { column: "test_accuracy", title: "accuracy, %", range: share, format: "percent" },
  { column: "uniform_accuracy", title: "under equal weights, %", range: share, format: "percent" },
  { column: "effective_positions", title: "effective positions, %", range: share, format: "percent" },
  { column: "permuted_change", title: "permuted: answer moves, %", range: share, format: "percent" },
  { column: "adversarial_change", title: "adversarial: weights move, %", range: share, format: "percent" },
  {
    column: "attention_randomised",
    title: "attention, randomised head, ρ",
    range: [-1, 1],
    format: "number",
  },
  { column: "grad_cam_randomised", title: "Grad-CAM, randomised head, ρ", range: [-1, 1], format: "number" },
] as const satisfies readonly Measure[];

export type CheckColumn = (typeof CHECKS)[number]["column"];

/** One question: is a measure of the first line another than that of the second, on the same seeds? */
export interface Comparison {
  question: string;
  measure: MeasureColumn;
  first: LineName;
  second: LineName;
}

/** Names one line of the table. */
export interface LineName {
  regime: string;
  method: LineMethod;
}

/** Named before any result was seen, and corrected for how many they are. */
export const COMPARISONS: readonly Comparison[] = [
  ...REGIMES.map(
    ({ name }): Comparison => ({
      question: `Mass inside the object: attention against Grad-CAM, ${name}`,
      measure: "mass_inside",
      first: { regime: name, method: "attention" },
      second: { regime: name, method: "Grad-CAM" },
    }),
  ),
  {
    question: "Mass inside the object: attention fine-tuned against frozen",
    measure: "mass_inside",
    first: { regime: lastStage.name, method: "attention" },
    second: { regime: probe.name, method: "attention" },
  },
  ...REGIMES.map(
    ({ name }): Comparison => ({
      question: `Pointing game: attention against the centre prior, ${name}`,
      measure: "pointing_game",
      first: { regime: name, method: "attention" },
      second: { regime: name, method: "centre prior" },
    }),
  ),
  ...REGIMES.map(
    ({ name }): Comparison => ({
      question: `Insertion area: attention against RISE, ${name}`,
      measure: "insertion",
      first: { regime: name, method: "attention" },
      second: { regime: name, method: "RISE" },
    }),
  ),
];
