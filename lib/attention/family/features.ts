import type * as tf from "@tensorflow/tfjs";
import { ConvolutionalBlockAttention } from "../features/convolutional-block-attention";
import { CrossAttention } from "../features/cross-attention";
import { EfficientChannelAttention } from "../features/efficient-channel-attention";
import { SelfAttention } from "../features/self-attention";
import { SqueezeExcitation } from "../features/squeeze-excitation";
import { built, type FamilyMember } from "./member";

const tokens = (channels: number): tf.Shape => [null, null, channels];
const grids = (channels: number): tf.Shape => [null, null, null, channels];

/** Attention inside features: what goes in comes out in the same shape. */
export const insideFeatures: readonly FamilyMember[] = [
  {
    name: "squeeze-and-excitation",
    code: "SqueezeExcitation",
    file: "features/squeeze-excitation.ts",
    formula: String.raw`s = \sigma(W_2 \max(0, W_1 z))`,
    returns: "a gate for each channel",
    source: { authors: "Hu et al.", year: 2018, url: "https://arxiv.org/abs/1709.01507" },
    build: ({ channels }) => built(new SqueezeExcitation({ seed: 1 }), grids(channels)),
  },
  {
    name: "efficient channel attention",
    code: "EfficientChannelAttention",
    file: "features/efficient-channel-attention.ts",
    formula: String.raw`s = \sigma(k \ast z)`,
    returns: "a gate for each channel",
    source: { authors: "Wang et al.", year: 2020, url: "https://arxiv.org/abs/1910.03151" },
    build: ({ channels }) => built(new EfficientChannelAttention({ seed: 1 }), grids(channels)),
  },
  {
    name: "convolutional block attention (CBAM)",
    code: "ConvolutionalBlockAttention",
    file: "features/convolutional-block-attention.ts",
    formula: String.raw`s = \sigma(f(z) + f(m)), S = \sigma(K \ast [\bar x, \hat x])`,
    returns: "a gate for each channel, then one for each position",
    source: { authors: "Woo et al.", year: 2018, url: "https://arxiv.org/abs/1807.06521" },
    build: ({ channels }) => built(new ConvolutionalBlockAttention({ seed: 1 }), grids(channels)),
  },
  {
    name: "multi-head self-attention",
    code: "SelfAttention",
    file: "features/self-attention.ts",
    formula: String.raw`A = \mathrm{softmax}(Q K^\top / \sqrt{d} + B)`,
    returns: "for each head, where each position looks",
    source: { authors: "Vaswani et al.", year: 2017, url: "https://arxiv.org/abs/1706.03762" },
    build: ({ channels, heads }) => built(new SelfAttention({ heads, seed: 1 }), tokens(channels)),
  },
  {
    name: "multi-head cross-attention",
    code: "CrossAttention",
    file: "features/cross-attention.ts",
    formula: String.raw`A = \mathrm{softmax}(Q K^\top / \sqrt{d})`,
    returns: "for each head, where each query looks",
    source: { authors: "Vaswani et al.", year: 2017, url: "https://arxiv.org/abs/1706.03762" },
    build: ({ channels, heads }) =>
      built(new CrossAttention({ heads, seed: 1 }), tokens(channels), tokens(channels)),
  },
];
