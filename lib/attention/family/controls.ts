import type * as tf from "@tensorflow/tfjs";
import { FrozenScoreAttention } from "../pooling/frozen-score-attention";
import { HiddenThenAttentionPooling } from "../pooling/hidden-then-attention-pooling";
import { HiddenThenMeanPooling } from "../pooling/hidden-then-mean-pooling";
import { MeanThenHiddenPooling } from "../pooling/mean-then-hidden-pooling";
import { ProjectionThenMeanPooling } from "../pooling/projection-then-mean-pooling";
import { built, type FamilyMember } from "./member";

const tokens = (channels: number): tf.Shape => [null, null, channels];
const seed = 1;

/** Poolings that attention is compared with, to see what of a gain is its own. */
export const controls: readonly FamilyMember[] = [
  {
    name: "hidden layer, then mean",
    code: "HiddenThenMeanPooling",
    file: "pooling/hidden-then-mean-pooling.ts",
    formula: String.raw`c = \frac1n \sum_i \max(0, W h_i + b)`,
    returns: "one context; uniform weights",
    source: { authors: "Zaheer et al.", year: 2017, url: "https://arxiv.org/abs/1703.06114" },
    build: ({ channels, controlUnits }) =>
      built(new HiddenThenMeanPooling({ units: controlUnits, seed }), tokens(channels)),
  },
  {
    name: "projection, then mean",
    code: "ProjectionThenMeanPooling",
    file: "pooling/projection-then-mean-pooling.ts",
    formula: String.raw`c = \frac1n \sum_i W_v h_i`,
    returns: "one context; uniform weights",
    source: { authors: "Psomas et al.", year: 2025, url: "https://arxiv.org/abs/2506.10178" },
    build: ({ channels, controlUnits }) =>
      built(new ProjectionThenMeanPooling({ units: controlUnits, seed }), tokens(channels)),
  },
  {
    name: "mean, then hidden layer",
    code: "MeanThenHiddenPooling",
    file: "pooling/mean-then-hidden-pooling.ts",
    formula: String.raw`c = \max(0, W \frac1n \sum_i h_i + b)`,
    returns: "one context; uniform weights",
    build: ({ channels, controlUnits }) =>
      built(new MeanThenHiddenPooling({ units: controlUnits, seed }), tokens(channels)),
  },
  {
    name: "hidden layer, then attention",
    code: "HiddenThenAttentionPooling",
    file: "pooling/hidden-then-attention-pooling.ts",
    formula: String.raw`g_i = \max(0, W h_i + b), e_i = v^\top \tanh(W_h g_i + W_s y)`,
    returns: "one context, one map",
    build: ({ channels, controlUnits, units }) =>
      built(new HiddenThenAttentionPooling({ hiddenUnits: controlUnits, units, seed }), tokens(channels)),
  },
  {
    name: "attention with a frozen score",
    code: "FrozenScoreAttention",
    file: "pooling/frozen-score-attention.ts",
    formula: String.raw`e_i = v^\top \tanh(W_h h_i + W_s y), v \text{ drawn}`,
    returns: "one context, one map",
    build: ({ channels, units }) =>
      built(new FrozenScoreAttention({ units, frozen: "vector", seed }), tokens(channels)),
  },
];
