import type { PoolingName } from "../../transfer/pooling-choice";
import { lastStage, middleLayerProbe, probe, type Regime } from "../../transfer/regimes";

/** What is computed, as plain data: this library and its peers get the same. */
export type Work =
  | { kind: "matmul"; size: number }
  | { kind: "forward"; batch: number }
  /** A step of training: the backbone from a cut point to its head, or none; then pooling and classifier. */
  | {
      kind: "step";
      batch: number;
      from?: string;
      rows: number;
      columns: number;
      channelsIn: number;
      channels: number;
      pooling: PoolingName;
      /** Adam's step size. */
      learningRate: number;
    }
  | { kind: "extraction"; images: number; to: string }
  | { kind: "transfer" };

export type PeerName = "PyTorch" | "PyTorch, default allocator" | "onnxruntime";

/** One line of the bench. */
export interface BenchCase {
  name: string;
  /** For the table and the figure. */
  title: string;
  work: Work;
  peers: readonly PeerName[];
  /** How often each side is timed, in turns. */
  repetitions: number;
  /** Calls that are timed together, where one alone is short. */
  calls: number;
  /** Seconds of one call of all sides together on two cores: for the estimate of the time left, nothing else. */
  typicalSeconds: number;
}

const trained: readonly PeerName[] = ["PyTorch", "PyTorch, default allocator"];
const inferred: readonly PeerName[] = [...trained, "onnxruntime"];

const step = (
  name: string,
  title: string,
  batch: number,
  from: { name?: string; side: number; channels: number; learningRate: number },
  pooling: PoolingName,
): Pick<BenchCase, "name" | "title" | "work"> => ({
  name,
  title,
  work: {
    kind: "step",
    batch,
    ...(from.name ? { from: from.name } : {}),
    rows: from.side,
    columns: from.side,
    channelsIn: from.channels,
    channels: from.name ? 1280 : from.channels,
    pooling,
    learningRate: from.learningRate,
  },
});

// The more weights are trained, the sooner Adam's first steps, which hardly depend on the size of a gradient, turn
// differences of a last digit into ones that can be seen; the losses of all sides are to agree for some steps.
const pixels = { name: "input", side: 224, channels: 3, learningRate: 1e-5 };
const middle = { name: "stage5", side: 14, channels: 112, learningRate: 1e-4 };
const late = { name: "stage6", side: 7, channels: 192, learningRate: 1e-4 };

/** The lines of the bench, in the order of its table. */
export const CASES: readonly BenchCase[] = [
  {
    name: "matmul-2048",
    title: "matMul 2048 × 2048",
    work: { kind: "matmul", size: 2048 },
    peers: trained,
    repetitions: 10,
    calls: 4,
    typicalSeconds: 0.3,
  },
  ...[8, 32].map((batch) => ({
    name: `forward-${batch}`,
    title: `forward, batch ${batch}`,
    work: { kind: "forward" as const, batch },
    peers: inferred,
    repetitions: batch === 8 ? 15 : 11,
    calls: batch === 8 ? 2 : 1,
    typicalSeconds: batch * 0.045,
  })),
  ...[8, 32].map((batch) => ({
    ...step(`training-step-${batch}`, `training step, all layers, batch ${batch}`, batch, pixels, "mean"),
    peers: trained,
    repetitions: batch === 8 ? 9 : 5,
    calls: 1,
    typicalSeconds: batch * 0.15,
  })),
  ...[8, 32].map((batch) => ({
    ...step(
      `last-stages-step-${batch}`,
      `training step from 14 × 14 × 112, batch ${batch}`,
      batch,
      middle,
      "mean",
    ),
    peers: trained,
    repetitions: 11,
    calls: 1,
    typicalSeconds: batch * 0.035,
  })),
  ...[8, 32].map((batch) => ({
    ...step(
      `last-stage-step-${batch}`,
      `training step from 7 × 7 × 192, batch ${batch}`,
      batch,
      late,
      "mean",
    ),
    peers: trained,
    repetitions: 11,
    calls: 2,
    typicalSeconds: batch * 0.01,
  })),
  {
    ...step(
      "attention-196",
      "attention head, step, [32, 196, 112]",
      32,
      { side: 14, channels: 112, learningRate: 1e-3 },
      "attention",
    ),
    peers: trained,
    repetitions: 15,
    calls: 10,
    typicalSeconds: 0.025,
  },
  {
    ...step(
      "attention-49",
      "attention head, step, [32, 49, 1280]",
      32,
      { side: 7, channels: 1280, learningRate: 1e-3 },
      "attention",
    ),
    peers: trained,
    repetitions: 15,
    calls: 10,
    typicalSeconds: 0.035,
  },
  {
    name: "extraction",
    title: "extraction of 384 JPEG files to 14 × 14 × 112",
    work: { kind: "extraction", images: 384, to: "stage5" },
    peers: trained,
    repetitions: 3,
    calls: 1,
    typicalSeconds: 12,
  },
  {
    name: "transfer",
    title: "slice of the table, 6 lines of one seed",
    work: { kind: "transfer" },
    // With the default allocator it takes more than ten minutes, and says nothing that the steps don't.
    peers: ["PyTorch"],
    repetitions: 1,
    calls: 1,
    typicalSeconds: 185,
  },
];

/** Classes of the cut-outs, and of every classifier here. */
export const CLASSES = 8;

/** Steps whose losses are compared before any is timed: this library's last ones run as a graph. */
export const CHECKED_STEPS = 5;

/**
 * What the case `transfer` takes from the table frozen-versus-fine-tuned: one seed, a quarter of its scenes, mean
 * and attention on each of its regimes with all their epochs. Both sides start from the same JPEG files.
 */
export const TRANSFER = {
  scenes: { train: 200, validation: 80, test: 120 },
  seed: 0,
  lines: [middleLayerProbe, probe, lastStage].flatMap((regime) => [
    line(regime, "mean"),
    line(regime, "attention"),
  ]),
} as const;

/** One line of the table. */
export interface TransferLine {
  regime: Regime;
  pooling: PoolingName;
  /** Of the tokens that are pooled. */
  channels: number;
}

function line(regime: Regime, pooling: PoolingName): TransferLine {
  return { regime, pooling, channels: regime.pooledAt === "head" ? 1280 : 112 };
}
