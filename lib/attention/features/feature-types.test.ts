import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { holds, type Same } from "../same-types.fixture";
import { ConvolutionalBlockAttention } from "./convolutional-block-attention";
import { CrossAttention } from "./cross-attention";
import { EfficientChannelAttention } from "./efficient-channel-attention";
import { SelfAttention } from "./self-attention";
import { SqueezeExcitation } from "./squeeze-excitation";

before(() => startTensorFlow());

test("the type of what apply gives follows from returnWeights", () => {
  const [seed, heads, returnWeights] = [1, 2, true] as const;
  tf.tidy(() => {
    const grids = tf.ones<tf.Rank.R4>([1, 2, 2, 4]);
    const tokens = tf.ones<tf.Rank.R3>([1, 4, 4]);

    const squeezed = new SqueezeExcitation({ seed }).apply(grids);
    holds<Same<typeof squeezed, tf.Tensor4D>>();
    const squeezedBeside = new SqueezeExcitation({ seed, returnWeights }).apply(grids);
    holds<Same<typeof squeezedBeside, [features: tf.Tensor4D, weights: tf.Tensor2D]>>();
    const efficient = new EfficientChannelAttention({ seed, returnWeights }).apply(grids);
    holds<Same<typeof efficient, [features: tf.Tensor4D, weights: tf.Tensor2D]>>();
    const block = new ConvolutionalBlockAttention({ seed, returnWeights }).apply(grids);
    holds<
      Same<typeof block, [features: tf.Tensor4D, channelWeights: tf.Tensor2D, spatialWeights: tf.Tensor3D]>
    >();
    const self = new SelfAttention({ seed, heads, returnWeights }).apply(tokens);
    holds<Same<typeof self, [features: tf.Tensor3D, weights: tf.Tensor4D]>>();
    const cross = new CrossAttention({ seed, heads, returnWeights: false }).apply([tokens, tokens]);
    holds<Same<typeof cross, tf.Tensor3D>>();
    assert.deepEqual([squeezed.shape, self[1].shape, cross.shape], [grids.shape, [1, 2, 4, 4], tokens.shape]);
  });

  const symbolic = new SelfAttention({ seed, heads, returnWeights }).apply(tf.input({ shape: [4, 4] }));
  holds<Same<typeof symbolic, tf.SymbolicTensor[]>>();
  const one = new SqueezeExcitation({ seed }).apply(tf.input({ shape: [2, 2, 4] }));
  holds<Same<typeof one, tf.SymbolicTensor>>();
});

test("options that a layer doesn't take are errors of the compiler", () => {
  const mask = tf.ones<tf.Rank.R2>([1, 4]);
  const grids = tf.ones<tf.Rank.R4>([1, 2, 2, 4]);
  // @ts-expect-error grids have no probe
  new SqueezeExcitation({ seed: 1 }).apply(grids, { probe: mask });
  // @ts-expect-error self-attention needs a number of heads
  assert.throws(() => new SelfAttention({ seed: 1 }));
  // @ts-expect-error a kind of positions that is not known
  assert.throws(() => new SelfAttention({ seed: 1, heads: 1, positions: "sinusoidal" }));
  tf.dispose([mask, grids]);
});
