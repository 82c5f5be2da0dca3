import type * as tf from "@tensorflow/tfjs";
import { AdditiveAttention } from "../pooling/additive-attention";
import { AimAttentiveProbe } from "../pooling/aim-attentive-probe";
import { CaitClassAttention } from "../pooling/cait-class-attention";
import { ClassAttention } from "../pooling/class-attention";
import { EfficientProbing } from "../pooling/efficient-probing";
import { GatedAttention } from "../pooling/gated-attention";
import { GeneralisedMeanPooling } from "../pooling/generalised-mean-pooling";
import { JepaAttentiveBlock } from "../pooling/jepa-attentive-block";
import { MaxPooling } from "../pooling/max-pooling";
import { MeanPooling } from "../pooling/mean-pooling";
import { MultiHeadPooling } from "../pooling/multi-head-pooling";
import { SimPool } from "../pooling/sim-pool";
import { WeightedPooling } from "../pooling/weighted-pooling";
import { built, type FamilyMember } from "./member";

const tokens = (channels: number): tf.Shape => [null, null, channels];

/** How the tokens of an image become one context, or one for each class. */
export const poolings: readonly FamilyMember[] = [
  {
    name: "mean",
    code: "MeanPooling",
    file: "pooling/mean-pooling.ts",
    formula: String.raw`c = \frac1n \sum_i h_i`,
    returns: "one context; uniform weights",
    source: { authors: "Lin et al.", year: 2014, url: "https://arxiv.org/abs/1312.4400" },
    build: ({ channels }) => built(new MeanPooling(), tokens(channels)),
  },
  {
    name: "max",
    code: "MaxPooling",
    file: "pooling/max-pooling.ts",
    formula: String.raw`c = \max_i h_i`,
    returns: "one context; shares of the channels' maxima",
    source: {
      authors: "Oquab et al.",
      year: 2015,
      url: "https://openaccess.thecvf.com/content_cvpr_2015/html/Oquab_Is_Object_Localization_2015_CVPR_paper.html",
    },
    build: ({ channels }) => built(new MaxPooling(), tokens(channels)),
  },
  {
    name: "generalised mean",
    code: "GeneralisedMeanPooling",
    file: "pooling/generalised-mean-pooling.ts",
    formula: String.raw`c = \left(\frac1n \sum_i \max(\epsilon, h_i)^p\right)^{1/p}`,
    returns: "one context, nothing of what is negative; shares of the power sums",
    source: { authors: "Radenović et al.", year: 2018, url: "https://arxiv.org/abs/1711.02512" },
    build: ({ channels }) => built(new GeneralisedMeanPooling(), tokens(channels)),
  },
  {
    name: "given weights",
    code: "WeightedPooling",
    file: "pooling/weighted-pooling.ts",
    formula: String.raw`\alpha_i = a_i / \sum_j a_j`,
    returns: "one context; the given amounts, scaled",
    source: { authors: "Zhang et al.", year: 2020, url: "https://arxiv.org/abs/1810.09091" },
    build: ({ channels }) => built(new WeightedPooling(), tokens(channels), [null, null]),
  },
  {
    name: "additive attention",
    code: "AdditiveAttention",
    file: "pooling/additive-attention.ts",
    formula: String.raw`e_i = v^\top \tanh(W_h h_i + W_s y)`,
    returns: "one context, one map",
    source: { authors: "Bahdanau et al.", year: 2015, url: "https://arxiv.org/abs/1409.0473" },
    build: ({ channels, units }) => built(new AdditiveAttention({ units, seed: 1 }), tokens(channels)),
  },
  {
    name: "gated attention",
    code: "GatedAttention",
    file: "pooling/gated-attention.ts",
    formula: String.raw`e_i = w^\top (\tanh(V h_i) \odot \sigma(U h_i))`,
    returns: "one context, one map",
    source: { authors: "Ilse et al.", year: 2018, url: "https://arxiv.org/abs/1802.04712" },
    build: ({ channels, units }) => built(new GatedAttention({ units, seed: 1 }), tokens(channels)),
  },
  {
    name: "multi-head attention",
    code: "MultiHeadPooling",
    file: "pooling/multi-head-pooling.ts",
    formula: String.raw`e_i^k = (W_q y)^k \cdot (W_k h_i)^k / \sqrt{d}`,
    returns: "one context, a map for each head",
    source: { authors: "Lee et al.", year: 2019, url: "https://arxiv.org/abs/1810.00825" },
    build: ({ channels, heads }) => built(new MultiHeadPooling({ heads, seed: 1 }), tokens(channels)),
  },
  {
    name: "class attention",
    code: "ClassAttention",
    file: "pooling/class-attention.ts",
    formula: String.raw`e_i^k = y_k^\top h_i / \sqrt{d}`,
    returns: "a context and a map for each class",
    source: { authors: "Liu et al.", year: 2021, url: "https://arxiv.org/abs/2107.10834" },
    build: ({ channels, classes }) => built(new ClassAttention({ classes }), tokens(channels)),
  },
  {
    name: "efficient probing",
    code: "EfficientProbing",
    file: "pooling/efficient-probing.ts",
    formula: String.raw`e_i^k = y_k^\top h_i / \sqrt{d}, c^k = W_v^k \sum_i \alpha_i^k h_i`,
    returns: "one context, a map for each query",
    source: { authors: "Psomas et al.", year: 2025, url: "https://arxiv.org/abs/2506.10178" },
    build: ({ channels, queries }) => built(new EfficientProbing({ queries, seed: 1 }), tokens(channels)),
  },
  {
    name: "SimPool",
    code: "SimPool",
    file: "pooling/sim-pool.ts",
    formula: String.raw`e_i = (W_q \bar h)^\top W_k x_i / \sqrt{d}, x_i = \mathrm{norm}(h_i)`,
    returns: "one context, one map",
    source: { authors: "Psomas et al.", year: 2023, url: "https://arxiv.org/abs/2309.06891" },
    build: ({ channels }) => built(new SimPool({ seed: 1 }), tokens(channels)),
  },
  {
    name: "AIM's attentive probe",
    code: "AimAttentiveProbe",
    file: "pooling/aim-attentive-probe.ts",
    formula: String.raw`e_i^k = y^k \cdot (W_k h_i)^k / \sqrt{d}, c^k = W_v^k \sum_i \alpha_i^k h_i`,
    returns: "one context, a map for each head",
    source: { authors: "El-Nouby et al.", year: 2024, url: "https://arxiv.org/abs/2401.08541" },
    build: ({ channels, heads }) => built(new AimAttentiveProbe({ heads, seed: 1 }), tokens(channels)),
  },
  {
    name: "V-JEPA's attentive block",
    code: "JepaAttentiveBlock",
    file: "pooling/jepa-attentive-block.ts",
    formula: String.raw`z = y + W_o \sum_i \alpha_i W_v x_i, c = z + f(\mathrm{norm}(z))`,
    returns: "one context, a map for each head",
    source: { authors: "Bardes et al.", year: 2024, url: "https://arxiv.org/abs/2404.08471" },
    build: ({ channels, heads }) => built(new JepaAttentiveBlock({ heads, seed: 1 }), tokens(channels)),
  },
  {
    name: "CaiT's class attention",
    code: "CaitClassAttention",
    file: "pooling/cait-class-attention.ts",
    formula: String.raw`z = y + W_o \sum_{i \ge 0} \alpha_i W_v x_i, c = \mathrm{norm}(z + f(\mathrm{norm}(z)))`,
    returns: "one context, a map for each head, without the class token's own weight",
    source: { authors: "Touvron et al.", year: 2021, url: "https://arxiv.org/abs/2103.17239" },
    build: ({ channels, heads }) => built(new CaitClassAttention({ heads, seed: 1 }), tokens(channels)),
  },
];
