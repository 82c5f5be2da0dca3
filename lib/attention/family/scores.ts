import type * as tf from "@tensorflow/tfjs";
import { AttentionPooling } from "../pooling/attention-pooling";
import type { Score } from "../scores/score";
import { built, type FamilyMember, type FamilySizes, type Source } from "./member";

const luong: Source = { authors: "Luong et al.", year: 2015, url: "https://arxiv.org/abs/1508.04025" };

/** Pooling by one learned query and this score. */
function pooledBy(score: Score, { channels, positions }: FamilySizes): tf.layers.Layer {
  return built(new AttentionPooling({ score, seed: 1 }), [null, positions, channels]);
}

/** How well a position answers the query. */
export const scores: readonly FamilyMember[] = [
  {
    name: "additive",
    code: "additiveScores",
    file: "scores/additive.ts",
    formula: String.raw`e_i = v^\top \tanh(W_h h_i + W_s y)`,
    returns: "a number within ± the sum of |v|",
    source: { authors: "Bahdanau et al.", year: 2015, url: "https://arxiv.org/abs/1409.0473" },
    build: (sizes) => pooledBy({ kind: "additive", units: sizes.units }, sizes),
  },
  {
    name: "dot product",
    code: "dotProductScores",
    file: "scores/dot-product.ts",
    formula: String.raw`e_i = y^\top h_i`,
    returns: "any real number",
    source: luong,
    build: (sizes) => pooledBy({ kind: "dotProduct" }, sizes),
  },
  {
    name: "scaled dot product",
    code: "scaledDotProductScores",
    file: "scores/dot-product.ts",
    formula: String.raw`e_i = y^\top h_i / \sqrt{d}`,
    returns: "any real number",
    source: { authors: "Vaswani et al.", year: 2017, url: "https://arxiv.org/abs/1706.03762" },
    build: (sizes) => pooledBy({ kind: "scaledDotProduct" }, sizes),
  },
  {
    name: "bilinear",
    code: "generalScores",
    file: "scores/general.ts",
    formula: String.raw`e_i = y^\top W h_i`,
    returns: "any real number",
    source: luong,
    build: (sizes) => pooledBy({ kind: "general" }, sizes),
  },
  {
    name: "cosine",
    code: "cosineScores",
    file: "scores/cosine.ts",
    formula: String.raw`e_i = \cos(y, h_i) / T`,
    returns: "a number from −1/T to 1/T",
    source: { authors: "Graves et al.", year: 2014, url: "https://arxiv.org/abs/1410.5401" },
    build: (sizes) => pooledBy({ kind: "cosine" }, sizes),
  },
  {
    name: "location",
    code: "locationScores",
    file: "scores/location.ts",
    formula: String.raw`e = W^\top y`,
    returns: "any real number, whatever the tokens are",
    source: luong,
    build: (sizes) => pooledBy({ kind: "location" }, sizes),
  },
];
