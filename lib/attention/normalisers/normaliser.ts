import * as tf from "@tensorflow/tfjs";
import { requireOneOf, requireTemperature } from "../arguments";
import { keepOnly } from "../mask";
import { entmax15Weights } from "./entmax15";
import { shares } from "./proportional";
import { sigmoidWeights } from "./sigmoid";
import { softmaxWeights } from "./softmax";
import { sparsemaxWeights } from "./sparsemax";
import { underMask } from "./under-mask";

/**
 * How scores become weights, as plain data: `{ kind: "softmax", temperature: 0.5 }`. All but `sigmoid` give rows
 * that sum to one; `sparsemax` and `entmax15` give exact zeros; `uniform` does not look at the scores, as a control.
 */
export type Normaliser =
  | { kind: "softmax" /** T > 0, 1 by default. */; temperature?: number }
  | { kind: "sparsemax" }
  | { kind: "entmax15" }
  | { kind: "sigmoid" }
  | { kind: "uniform" };

const kinds: readonly Normaliser["kind"][] = ["softmax", "sparsemax", "entmax15", "sigmoid", "uniform"];

/**
 * Turns scores into weights by the normaliser that is named.
 *
 * @param scores e_i, `[batch, heads, positions]`
 * @param mask `[batch, positions]`: 1 (or true, or all but zero) where a position may be attended to, 0 where not; all
 *   may by default
 * @returns weights α_i, `[batch, heads, positions]`, in 0 … 1, exactly 0 where masked, whatever stands there
 * @throws UserError for an unknown kind, a temperature that is not above 0, scores or a mask whose shapes don't fit
 *   together, or scores that are not float32
 */
export function normalise(scores: tf.Tensor3D, normaliser: Normaliser, mask?: tf.Tensor2D): tf.Tensor3D {
  checkNormaliser(normaliser, "normalise");
  switch (normaliser.kind) {
    case "softmax":
      return softmaxWeights(scores, mask, normaliser.temperature ?? 1);
    case "sparsemax":
      return sparsemaxWeights(scores, mask);
    case "entmax15":
      return entmax15Weights(scores, mask);
    case "sigmoid":
      return sigmoidWeights(scores, mask);
    case "uniform":
      // Made from the scores, so that what they come from has a gradient, of zeros, and can stay in an optimiser.
      return underMask("normalise", scores, mask, (clean, kept) =>
        shares(kept ? keepOnly(tf.onesLike(clean), kept) : tf.onesLike(clean)),
      );
  }
}

/** @throws UserError, which begins with `layer`, for an unknown kind or a wrong option. */
export function checkNormaliser(normaliser: Normaliser, layer: string): void {
  requireOneOf(layer, "the kind of normaliser", normaliser?.kind, kinds);
  if (normaliser.kind === "softmax") requireTemperature(`${layer}, softmax`, normaliser.temperature ?? 1);
}
