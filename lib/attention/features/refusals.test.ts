import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertRefused } from "../assert-refused.fixture";
import { ConvolutionalBlockAttention } from "./convolutional-block-attention";
import { CrossAttention } from "./cross-attention";
import { EfficientChannelAttention } from "./efficient-channel-attention";
import { SelfAttention } from "./self-attention";
import { SqueezeExcitation } from "./squeeze-excitation";

before(() => startTensorFlow());

const seed = 1;

test("a wrong shape is refused by the build with the layer's name, what it takes and what it got", () => {
  const noGrid =
    /^\w+ "where" expected grids \[batch, rows, columns, channels\], but got grids \[\?, 16\]: grids has 2 axes/;
  for (const Layer of [SqueezeExcitation, EfficientChannelAttention, ConvolutionalBlockAttention]) {
    assertRefused(() => new Layer({ seed, name: "where" }).build([null, 16]), noGrid);
    assertRefused(() => new Layer({ seed }).build([null, 7, 7, null]), /must know its number of channels/);
    const built = new Layer({ seed });
    built.build([null, 7, 7, 16]);
    assertRefused(() => built.apply(tf.ones([1, 7, 7, 8])), /axis 3 of grids must be 16, not 8/);
  }
  assertRefused(
    () => new SelfAttention({ heads: 2, seed, name: "where" }).build([null, 7, 7, 16]),
    /^SelfAttention "where" expected tokens \[batch, positions, channels\], but got tokens \[\?, 7, 7, 16\]: reshape/,
  );
  assertRefused(
    () => new SelfAttention({ heads: 3, seed, name: "where" }).build([null, 49, 16]),
    /^SelfAttention "where" can't deal 16 channels evenly to 3 heads/,
  );
  assertRefused(
    () => new SelfAttention({ heads: 2, seed, positions: "relative", grid: [7, 7] }).build([null, 48, 16]),
    /expected tokens \[batch, 49, channels\], but got tokens \[\?, 48, 16\]: axis 1 of tokens must be 49, not 48/,
  );
  assertRefused(
    () => new SelfAttention({ heads: 2, seed, positions: "learned" }).build([null, null, 16]),
    /must know its number of positions when it is built/,
  );
  assertRefused(
    () => new CrossAttention({ heads: 2, seed }).build([null, 49, 16]),
    /takes 2 input\(s\), not 1/,
  );
  assertRefused(
    () => new CrossAttention({ heads: 2, seed }).apply([tf.ones([2, 49, 16]), tf.ones([3, 5, 16])]),
    /batch is 2 in tokens and 3 in queries/,
  );
});

test("a mask or a probe of a wrong shape is refused by name", () => {
  const self = new SelfAttention({ heads: 2, seed });
  const tokens = tf.ones<tf.Rank.R3>([2, 5, 4]);
  assertRefused(
    () => self.apply(tokens, { mask: tf.ones([2, 4]) }),
    /mask \[2, 4\]: positions is 5 in tokens and 4 in mask/,
  );
  assertRefused(
    () => self.apply(tokens, { probe: tf.zeros([2, 1, 5, 5]) }),
    /axis 1 of probe must be 2, not 1/,
  );
  const cross = new CrossAttention({ heads: 2, seed });
  assertRefused(
    () => cross.apply([tokens, tf.ones([2, 3, 4])], { mask: tf.ones([2, 3]) }),
    /positions is 5 in tokens and 3 in mask/,
  );
});

test("options that can't be are refused when the layer is made", () => {
  assertRefused(
    () => new SqueezeExcitation({ seed: 0.5 }),
    /^SqueezeExcitation: seed must be a whole number/,
  );
  assertRefused(() => new SqueezeExcitation({ seed, reduction: 0 }), /reduction must be a whole number/);
  assertRefused(
    () => new EfficientChannelAttention({ seed, kernelSize: 4 }),
    /kernelSize must be odd, not 4/,
  );
  assertRefused(
    () => new ConvolutionalBlockAttention({ seed, kernelSize: 6 }),
    /kernelSize must be odd, not 6/,
  );
  assertRefused(() => new SelfAttention({ seed, heads: 0 }), /heads must be a whole number, at least 1/);
  assertRefused(() => new SelfAttention({ seed, heads: 1, positions: "relative" }), /take a grid/);
  assertRefused(() => new SelfAttention({ seed, heads: 1, grid: [2, 2] }), /give both/);
  assertRefused(
    () => new SelfAttention({ seed, heads: 1, positions: "absolute" as "learned" }),
    /positions must be one of none, learned, relative, not absolute/,
  );
});

test("parameters can't be read before there are any", () => {
  assertRefused(() => new SqueezeExcitation({ seed }).parameters, /has no parameters yet/);
  assertRefused(() => new SelfAttention({ seed, heads: 1 }).positionParameter, /has no parameters yet/);
});
