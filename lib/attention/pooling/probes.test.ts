import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { layerNormalisation } from "../features/layer-normalisation";
import { assertNear } from "../goldens/golden.fixture";
import { AimAttentiveProbe } from "./aim-attentive-probe";
import { CaitClassAttention } from "./cait-class-attention";
import { EfficientProbing } from "./efficient-probing";
import { assertSeeded, assertStartsAsMean } from "./first-weights.fixture";
import { JepaAttentiveBlock } from "./jepa-attentive-block";
import { SimPool } from "./sim-pool";

before(() => startTensorFlow());

const CHANNELS = 4;
const tokensOf = () => tf.randomNormal<tf.Rank.R3>([3, 6, CHANNELS], 0, 1, "float32", 3);
const plainNorm = (x: tf.Tensor3D) => layerNormalisation(x, tf.ones([CHANNELS]), tf.zeros([CHANNELS]));

test("efficient probing and AIM's probe start as mean pooling, and have gradients to leave it by", () => {
  const sizes = { channels: CHANNELS, heads: 2, least: 0.01 };
  assertStartsAsMean(new EfficientProbing({ queries: 2, seed: 3 }), { ...sizes, leaving: "queries" });
  assertStartsAsMean(new AimAttentiveProbe({ heads: 2, seed: 3 }), { ...sizes, leaving: "query" });
});

test("SimPool and V-JEPA's block start as the mean of the normalised tokens, with uniform weights", () => {
  for (const [layer, heads] of [
    [new SimPool({ seed: 1 }), 1],
    [new JepaAttentiveBlock({ heads: 2, seed: 1 }), 2],
  ] as const) {
    tf.tidy(() => {
      const [context, weights] = layer.apply(tokensOf());
      assertNear(context, plainNorm(tokensOf()).mean(1), layer.name);
      assertNear(weights, tf.fill([3, heads, 6], 1 / 6), layer.name);
    });
  }
});

test("CaiT's class token starts with as much weight as a position, and the context near the normalised mean", () => {
  tf.tidy(() => {
    const layer = new CaitClassAttention({ heads: 2, seed: 1 });
    const tokens = tokensOf();
    const [context, weights] = layer.apply(tokens);
    assertNear(weights, tf.fill([3, 2, 6], 1 / 7), "weights");
    const first = layer.parameters.classToken.expandDims<tf.Tensor3D>(0);
    const all = plainNorm(tf.concat([first.tile([3, 1, 1]), tokens], 1));
    const expected = plainNorm(all.mean<tf.Tensor3D>(1, true).add<tf.Tensor3D>(first)).squeeze([1]);
    assertNear(context, expected, "context");
  });
});

test("each query of efficient probing pools its own slice", () => {
  tf.tidy(() => {
    const layer = new EfficientProbing({ queries: 2, seed: 1 });
    layer.build([null, null, 2]);
    layer.setWeights([tf.tensor2d([100, 0, 0, 100], [2, 2]), tf.tensor2d([1, 0, 0, 2], [2, 2])]);
    const [context, weights] = layer.apply(tf.tensor3d([3, 1, 0, 5], [1, 2, 2]));
    assertNear(weights, { shape: [1, 2, 2], data: [1, 0, 0, 1] }, "weights");
    // The first looks at (3, 1) and takes channel 0, the second at (0, 5) and takes twice channel 1.
    assertNear(context, { shape: [1, 2], data: [3, 10] }, "context");
  });
});

test("equal seeds give equal weights, other seeds give others", () => {
  assertSeeded((seed) => new JepaAttentiveBlock({ heads: 1, seed }), [3, 4]);
  assert.throws(() => new SimPool({ seed: 0.5 }), /seed must be a whole number/);
});
