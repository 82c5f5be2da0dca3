import * as tf from "@tensorflow/tfjs";
import { AimAttentiveProbe } from "./aim-attentive-probe";
import { CaitClassAttention } from "./cait-class-attention";
import { ClassAttention } from "./class-attention";
import { EfficientProbing } from "./efficient-probing";
import { FrozenScoreAttention } from "./frozen-score-attention";
import { GatedAttention } from "./gated-attention";
import { GeneralisedMeanPooling } from "./generalised-mean-pooling";
import { HiddenThenAttentionPooling } from "./hidden-then-attention-pooling";
import { HiddenThenMeanPooling } from "./hidden-then-mean-pooling";
import { JepaAttentiveBlock } from "./jepa-attentive-block";
import { MeanThenHiddenPooling } from "./mean-then-hidden-pooling";
import { MultiHeadPooling } from "./multi-head-pooling";
import type { PoolingLayer } from "./pooling-layer";
import { ProjectionThenMeanPooling } from "./projection-then-mean-pooling";
import { SimPool } from "./sim-pool";

/** A pooling layer that shows the parameters it learns by name, in the order in which it made them. */
export type LearnedPooling = PoolingLayer & { readonly parameters: object };

/** The poolings that learn to choose among positions and have one form of score or none, small enough for tests. */
export const choosingPoolings: Readonly<Record<string, () => LearnedPooling>> = {
  GatedAttention: () => new GatedAttention({ units: 5, seed: 1 }),
  MultiHeadPooling: () => new MultiHeadPooling({ heads: 2, seed: 1 }),
  ClassAttention: () => new ClassAttention({ classes: 3 }),
  GeneralisedMeanPooling: () => new GeneralisedMeanPooling(),
  EfficientProbing: () => new EfficientProbing({ queries: 2, seed: 1 }),
  AimAttentiveProbe: () => new AimAttentiveProbe({ heads: 2, seed: 1 }),
  HiddenThenAttentionPooling: () => new HiddenThenAttentionPooling({ hiddenUnits: 8, units: 4, seed: 1 }),
};

/** All poolings that learn and have one form of score or none: with those that choose less well or not at all. */
export const learnedPoolings: Readonly<Record<string, () => LearnedPooling>> = {
  ...choosingPoolings,
  JepaAttentiveBlock: () => new JepaAttentiveBlock({ heads: 2, seed: 1 }),
  CaitClassAttention: () => new CaitClassAttention({ heads: 2, seed: 1 }),
  SimPool: () => new SimPool({ seed: 1 }),
  "FrozenScoreAttention, vector": () => new FrozenScoreAttention({ units: 8, frozen: "vector", seed: 1 }),
  HiddenThenMeanPooling: () => new HiddenThenMeanPooling({ units: 8, seed: 1 }),
  MeanThenHiddenPooling: () => new MeanThenHiddenPooling({ units: 8, seed: 1 }),
  ProjectionThenMeanPooling: () => new ProjectionThenMeanPooling({ units: 8, seed: 1 }),
};

/** A layer for tokens of so many channels, away from where it starts: every parameter is drawn anew. */
export function trainedSomewhat(make: () => LearnedPooling, channels: number): LearnedPooling {
  const layer = make();
  layer.build([null, null, channels]);
  const drawn = layer.getWeights().map(({ shape }, i) =>
    // The one number is an exponent, which stays above zero.
    shape.join() === "1" ? tf.fill(shape, 1.7) : tf.randomNormal(shape, 0, 0.5, "float32", i + 1),
  );
  layer.setWeights(drawn);
  tf.dispose(drawn);
  return layer;
}
