import * as tf from "@tensorflow/tfjs";
import { ConvolutionalBlockAttention } from "./convolutional-block-attention";
import { CrossAttention } from "./cross-attention";
import { EfficientChannelAttention } from "./efficient-channel-attention";
import type { FeatureLayerArgs } from "./feature-layer";
import { SelfAttention } from "./self-attention";
import { SqueezeExcitation } from "./squeeze-excitation";

/** What the tests of all layers need of one, whatever its features are. */
export type AnyFeatureLayer = tf.layers.Layer & { readonly variables: tf.Variable[] };

/** One layer, small enough for a test. */
export interface LayerCase {
  name: string;
  make: (args: FeatureLayerArgs) => AnyFeatureLayer;
  /** Shapes of its inputs, without the batch. */
  inputs: number[][];
  /** Which of the inputs the features take their shape from. */
  featuresOf: number;
  /** Shapes of its weights, without the batch. */
  weights: number[][];
}

const grid = [3, 2, 4];
const tokens = [6, 4];
const selfAttention = { inputs: [tokens], featuresOf: 0, weights: [[2, 6, 6]] };

/** Every layer that attends inside features, with every kind of positions. */
export const layerCases: readonly LayerCase[] = [
  {
    name: "SqueezeExcitation",
    make: (args) => new SqueezeExcitation({ ...args, reduction: 2 }),
    inputs: [grid],
    featuresOf: 0,
    weights: [[4]],
  },
  {
    name: "EfficientChannelAttention",
    make: (args) => new EfficientChannelAttention({ ...args, kernelSize: 3 }),
    inputs: [grid],
    featuresOf: 0,
    weights: [[4]],
  },
  {
    name: "ConvolutionalBlockAttention",
    make: (args) => new ConvolutionalBlockAttention({ ...args, reduction: 2, kernelSize: 3 }),
    inputs: [grid],
    featuresOf: 0,
    weights: [[4], [3, 2]],
  },
  {
    name: "SqueezeExcitation of series",
    make: (args) => new SqueezeExcitation({ ...args, reduction: 2 }),
    inputs: [tokens],
    featuresOf: 0,
    weights: [[4]],
  },
  {
    name: "ConvolutionalBlockAttention of series",
    make: (args) => new ConvolutionalBlockAttention({ ...args, reduction: 2, kernelSize: 3 }),
    inputs: [tokens],
    featuresOf: 0,
    weights: [[4], [6]],
  },
  {
    name: "SelfAttention",
    make: (args) => new SelfAttention({ ...args, heads: 2 }),
    ...selfAttention,
  },
  {
    name: "SelfAttention with learned positions",
    make: (args) => new SelfAttention({ ...args, heads: 2, positions: "learned" }),
    ...selfAttention,
  },
  {
    name: "SelfAttention with relative positions",
    make: (args) => new SelfAttention({ ...args, heads: 2, positions: "relative", grid: [3, 2] }),
    ...selfAttention,
  },
  {
    name: "SelfAttention with relative positions of series",
    make: (args) => new SelfAttention({ ...args, heads: 2, positions: "relative", grid: [6] }),
    ...selfAttention,
  },
  {
    name: "CrossAttention",
    make: (args) => new CrossAttention({ ...args, heads: 2 }),
    inputs: [
      [6, 3],
      [5, 4],
    ],
    featuresOf: 1,
    weights: [[2, 5, 6]],
  },
];

/** Inputs of a case for a batch, drawn from seeds that follow from `seed`. */
export function drawInputs({ inputs }: LayerCase, batch: number, seed = 1): tf.Tensor[] {
  return inputs.map((shape, i) => tf.randomNormal([batch, ...shape], 0, 1, "float32", seed + i));
}
