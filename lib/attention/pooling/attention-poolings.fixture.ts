import type { Normaliser } from "../normalisers/normaliser";
import type { Score } from "../scores/score";

/** One score of each kind. */
export const everyScore: readonly Score[] = [
  { kind: "additive", units: 3 },
  { kind: "dotProduct" },
  { kind: "scaledDotProduct" },
  { kind: "general" },
  { kind: "cosine", temperature: 0.3 },
  { kind: "location" },
];

/** One normaliser of each kind. */
export const everyNormaliser: readonly Normaliser[] = [
  { kind: "softmax", temperature: 0.7 },
  { kind: "sparsemax" },
  { kind: "entmax15" },
  { kind: "sigmoid" },
  { kind: "uniform" },
];
