import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { holds, type Same } from "../same-types.fixture";
import { ClassAttention, type classScores } from "./class-attention";
import { GatedAttention, type GatedParameters } from "./gated-attention";
import {
  type GeneralisedMeanParameters,
  GeneralisedMeanPooling,
  type generalisedMean,
} from "./generalised-mean-pooling";
import { type joinHeads, type MultiHeadParameters, MultiHeadPooling } from "./multi-head-pooling";
import type { Pooled } from "./pooling-layer";

before(() => startTensorFlow());

test("every pooling gives a context and weights of known rank, and symbols for symbols", () => {
  holds<Same<Pooled, [context: tf.Tensor2D, weights: tf.Tensor3D]>>();
  tf.tidy(() => {
    const tokens = tf.ones<tf.Rank.R3>([1, 3, 4]);
    const gated = new GatedAttention({ units: 2, seed: 1 }).apply(tokens);
    const classWise = new ClassAttention({ classes: 2 }).apply(tokens, { mask: tf.ones([1, 3]) });
    const multiHead = new MultiHeadPooling({ heads: 2, seed: 1 }).apply(tokens);
    const generalised = new GeneralisedMeanPooling().apply([tokens]);
    holds<Same<typeof gated, Pooled>>();
    holds<Same<typeof classWise, Pooled>>();
    holds<Same<typeof multiHead, Pooled>>();
    holds<Same<typeof generalised, Pooled>>();
    const shapes = [gated, classWise, multiHead, generalised].map(([context]) => context.shape);
    assert.deepEqual(shapes, [
      [1, 4],
      [1, 8],
      [1, 4],
      [1, 4],
    ]);
  });
  const symbols = new GatedAttention({ units: 2, seed: 1 }).apply(tf.input({ shape: [3, 4] }));
  holds<Same<typeof symbols, [tf.SymbolicTensor, tf.SymbolicTensor]>>();
});

test("parameters have names and ranks, and the pure functions keep ranks", () => {
  holds<Same<GatedAttention["parameters"], GatedParameters>>();
  holds<Same<MultiHeadPooling["parameters"], MultiHeadParameters>>();
  holds<Same<GeneralisedMeanPooling["parameters"], GeneralisedMeanParameters>>();
  holds<Same<ClassAttention["parameters"], { queries: tf.Tensor2D }>>();
  holds<Same<ReturnType<typeof classScores>, tf.Tensor3D>>();
  holds<Same<ReturnType<typeof joinHeads>, tf.Tensor2D>>();
  holds<Same<ReturnType<typeof generalisedMean>, tf.Tensor3D>>();
});

test("options that a layer doesn't take, or needs, are errors of the compiler", () => {
  // @ts-expect-error gated attention needs units
  assert.throws(() => new GatedAttention({ seed: 1 }));
  // @ts-expect-error nothing of class attention is drawn
  new ClassAttention({ classes: 2, seed: 1 });
  // @ts-expect-error p of the generalised mean is learned, not given
  new GeneralisedMeanPooling({ exponent: 4 });
  const mask = tf.ones<tf.Rank.R3>([1, 3, 1]);
  // @ts-expect-error a mask has two axes
  assert.throws(() => new MultiHeadPooling({ heads: 2, seed: 1 }).apply(tf.ones([1, 3, 4]), { mask }));
});
