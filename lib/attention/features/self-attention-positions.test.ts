import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { drawParameters } from "../draw-parameters.fixture";
import { SelfAttention, type SelfAttentionArgs } from "./self-attention";

before(() => startTensorFlow());

const CHANNELS = 4;

function selfAttention(args: Partial<SelfAttentionArgs>, positions: number) {
  const layer = new SelfAttention({ heads: 2, seed: 1, ...args, returnWeights: true });
  layer.build([null, positions, CHANNELS]);
  drawParameters(layer, 0.5);
  return layer;
}

test("with positions the order of the tokens matters", () => {
  tf.tidy(() => {
    const tokens = tf.randomNormal<tf.Rank.R3>([1, 6, CHANNELS], 0, 1, "float32", 2);
    const order = [2, 0, 5, 1, 4, 3];
    for (const args of [{ positions: "learned" }, { positions: "relative", grid: [2, 3] }] as const) {
      const layer = selfAttention(args, 6);
      const [features] = layer.apply(tokens);
      const [after] = layer.apply(tokens.gather(order, 1));
      const change = after.sub(features.gather(order, 1)).abs().max().dataSync()[0]!;
      assert.ok(change > 0.01, `${args.positions}: features moved by ${change}`);
    }
  });
});

test("relative positions see offsets alone: a column that is one further says the same one column on", () => {
  tf.tidy(() => {
    // Equal tokens, so that nothing but the bias decides. Both queries see the same offsets, −1 and 0.
    const layer = selfAttention({ positions: "relative", grid: [1, 3] }, 3);
    const [, weights] = layer.apply(tf.ones<tf.Rank.R3>([1, 3, CHANNELS]));
    const [row] = weights.arraySync() as number[][][][];
    for (const head of row!) {
      const [, second, third] = head as [number[], number[], number[]];
      const [left, right] = [second[0]! / second[1]!, third[1]! / third[2]!];
      assert.ok(Math.abs(left - right) < 1e-5, `${left} and ${right}`);
    }
  });
});
