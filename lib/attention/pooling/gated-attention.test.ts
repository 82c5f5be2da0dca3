import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { assertRefused } from "../assert-refused.fixture";
import { assertNear } from "../goldens/golden.fixture";
import { assertSeeded, assertStartsAsMean } from "./first-weights.fixture";
import { GatedAttention, gatedScores } from "./gated-attention";

before(() => startTensorFlow());

test("scores equal the formula worked out by hand", async () => {
  const keys = tf.tensor3d([1, 0, 0, 2], [1, 2, 2]);
  const parameters = {
    keyProjection: tf.tensor2d([1, 0, 0, 0.5], [2, 2]),
    gateProjection: tf.tensor2d([0, 2, 1, 0], [2, 2]),
    scoreVector: tf.tensor2d([3, -1], [2, 1]),
  };
  const scores = await assertNoTensorLeak(() => gatedScores(keys, parameters));
  const gate = (x: number) => 1 / (1 + Math.exp(-x));
  // V h_1 = (1, 0), U h_1 = (0, 2); V h_2 = (0, 1), U h_2 = (2, 0)
  const expected = [3 * Math.tanh(1) * gate(0), -Math.tanh(1) * gate(0)];
  assertNear(scores, { shape: [1, 1, 2], data: expected }, "scores");
});

test("a new layer is mean pooling, and has gradients to leave it by", () => {
  assertStartsAsMean(new GatedAttention({ units: 4, seed: 3 }), {
    channels: 5,
    heads: 1,
    leaving: "scoreVector",
    least: 0.1,
  });
});

test("equal seeds give equal weights, other seeds and other parameters give others", () => {
  assertSeeded((seed) => new GatedAttention({ units: 3, seed }), [0, 1]);
});

test("what does not fit is refused with the layer's name, what it takes and what it got", () => {
  const layer = new GatedAttention({ units: 4, seed: 1, name: "where" });
  assertRefused(() => layer.parameters, /where has no parameters yet/);
  assertRefused(
    () => layer.build([null, 7, 7, 16]),
    /^GatedAttention "where" expected tokens \[batch, positions, channels\], but got tokens \[\?, 7, 7, 16\]: reshape the grid/,
  );
  assertRefused(() => layer.build([null, 49, null]), /"where" must know its number of channels/);
  layer.build([null, 49, 16]);
  assertRefused(() => layer.apply(tf.ones([2, 49, 8])), /axis 2 of tokens must be 16, not 8/);
  assertRefused(
    () => new GatedAttention({ units: 0, seed: 1 }),
    /GatedAttention: units must be a whole number/,
  );
  assertRefused(() => new GatedAttention({ units: 1, seed: 0.5 }), /GatedAttention: seed must be a whole/);
});
