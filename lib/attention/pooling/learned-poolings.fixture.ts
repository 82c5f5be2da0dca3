import * as tf from "@tensorflow/tfjs";
import { ClassAttention } from "./class-attention";
import { GatedAttention } from "./gated-attention";
import { GeneralisedMeanPooling } from "./generalised-mean-pooling";
import { MultiHeadPooling } from "./multi-head-pooling";
import type { PoolingLayer } from "./pooling-layer";

/** A pooling layer that shows the parameters it learns by name, in the order in which it made them. */
export type LearnedPooling = PoolingLayer & { readonly parameters: object };

/** The poolings that learn and have one form of score or none, small enough for tests. */
export const learnedPoolings: Readonly<Record<string, () => LearnedPooling>> = {
  GatedAttention: () => new GatedAttention({ units: 5, seed: 1 }),
  MultiHeadPooling: () => new MultiHeadPooling({ heads: 2, seed: 1 }),
  ClassAttention: () => new ClassAttention({ classes: 3 }),
  GeneralisedMeanPooling: () => new GeneralisedMeanPooling(),
};

/** A layer for tokens of so many channels, away from where it starts: every parameter is drawn anew. */
export function trainedSomewhat(make: () => LearnedPooling, channels: number): LearnedPooling {
  const layer = make();
  layer.build([null, null, channels]);
  const drawn = layer.getWeights().map(({ shape }, i) =>
    // The one vector is an exponent, which stays above zero.
    shape.length === 1 ? tf.fill(shape, 1.7) : tf.randomNormal(shape, 0, 0.5, "float32", i + 1),
  );
  layer.setWeights(drawn);
  tf.dispose(drawn);
  return layer;
}
