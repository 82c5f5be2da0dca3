import type * as tf from "@tensorflow/tfjs";
import { holds, type Same } from "./attention/same-types.fixture";
import {
  AdditiveAttention,
  AttentionPooling,
  type AttentionPoolingArgs,
  cosineScores,
  dotProductScores,
  generalScores,
  locationScores,
  type Normaliser,
  normalise,
  type Pooled,
  type Score,
  softmaxWeights,
  sparsemaxWeights,
} from "./index";

// The compiler proves this file; it is never run. A line below `@ts-expect-error` must be an error.

declare const tokens: tf.Tensor3D;
declare const query: tf.Tensor2D;
declare const queries: tf.Tensor3D;
declare const mask: tf.Tensor2D;
declare const symbolic: tf.SymbolicTensor;

export function scores(): void {
  holds<
    Same<Score["kind"], "additive" | "dotProduct" | "scaledDotProduct" | "general" | "cosine" | "location">
  >();
  const given = dotProductScores(tokens, query);
  holds<Same<typeof given, tf.Tensor3D>>();
  cosineScores(tokens, queries, 0.1);
  generalScores(tokens, queries, { scoreMatrix: query });
  locationScores(tokens, query, { positionProjection: query });
  // @ts-expect-error keys have an axis of positions
  dotProductScores(query, query);
  // @ts-expect-error the matrix has a name
  generalScores(tokens, query, query);
}

export function normalisers(): void {
  holds<Same<Normaliser["kind"], "softmax" | "sparsemax" | "entmax15" | "sigmoid" | "uniform">>();
  const weights = normalise(tokens, { kind: "softmax", temperature: 0.5 }, mask);
  holds<Same<typeof weights, tf.Tensor3D>>();
  softmaxWeights(tokens, undefined, 2);
  // @ts-expect-error sparsemax has no temperature
  normalise(tokens, { kind: "sparsemax", temperature: 0.5 });
  // @ts-expect-error no such normaliser
  normalise(tokens, { kind: "hardmax" });
  // @ts-expect-error a mask has no axis of heads
  sparsemaxWeights(tokens, tokens);
}

export function composition(): void {
  const layer = new AttentionPooling({
    score: { kind: "cosine", temperature: 0.1 },
    normaliser: { kind: "sparsemax" },
    seed: 1,
  });
  const pooled = layer.apply(tokens, { mask });
  holds<Same<typeof pooled, Pooled>>();
  const inAModel = layer.apply([symbolic]);
  holds<Same<typeof inAModel, [tf.SymbolicTensor, tf.SymbolicTensor]>>();
  holds<Same<typeof layer.parameters, Readonly<Record<string, tf.Tensor2D>>>>();
  const score: Score = { kind: "additive", units: 4 };
  const learned: AttentionPoolingArgs = { score, queries: 3, seed: 1 };
  const given: AttentionPoolingArgs = { score, query: "given", values: "given", seed: 1, name: "where" };
  void [new AttentionPooling(learned), new AttentionPooling(given)];

  // @ts-expect-error a score is needed
  new AttentionPooling({ seed: 1 });
  // @ts-expect-error a seed is needed
  new AttentionPooling({ score });
  // @ts-expect-error no such score
  new AttentionPooling({ score: { kind: "concat" }, seed: 1 });
  // @ts-expect-error additive attention needs its units
  new AttentionPooling({ score: { kind: "additive" }, seed: 1 });
  // @ts-expect-error the cosine has no units
  new AttentionPooling({ score: { kind: "cosine", units: 3 }, seed: 1 });
  // @ts-expect-error queries that are given are not counted by an option
  new AttentionPooling({ score, query: "given", queries: 2, seed: 1 });
  // @ts-expect-error a temperature is a number
  new AttentionPooling({ score: { kind: "cosine", temperature: "low" }, seed: 1 });
}

export function additive(): void {
  const layer = new AdditiveAttention({ units: 4, seed: 1, query: "given", values: "given" });
  const { keyProjection, queryProjection, scoreVector, query } = layer.parameters;
  holds<Same<typeof keyProjection | typeof queryProjection | typeof scoreVector, tf.Tensor2D>>();
  holds<Same<typeof query, tf.Tensor2D | undefined>>();
  // @ts-expect-error it has no other score
  new AdditiveAttention({ units: 4, seed: 1, score: { kind: "cosine" } });
  // @ts-expect-error units are needed
  new AdditiveAttention({ seed: 1 });
}
