import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import type { RelevanceMap } from "../question";
import { type PredictTarget, predictAll } from "./predict";
import { type RemovalOptions, type RemovalSequence, removalSequence } from "./removal";

/** How cells are removed, and the network asked. */
export interface RemovalCurveOptions extends RemovalOptions {
  /** Images that are asked about at once; 32 by default. */
  batchSize?: number;
}

/** What a network makes of an image as cells are removed or brought back. */
export interface RemovalCurve extends RemovalSequence {
  /** Probability of the explained class at each of `shares`. */
  probabilities: number[];
  /** Area under the probabilities over the shares, 0 … 1: small is good in a deletion, large in an insertion. */
  area: number;
}

/**
 * Deletion and insertion: does the network lose its class when what the map calls relevant is taken away, and find it
 * when that alone is shown? Cells of the map's grid are exchanged for a baseline in the order of their relevance,
 * and the probability of the explained class is asked after every step.
 *
 * Only the order of a map counts here. Hold the areas against those of the uniform map, whose order is random, and
 * of another baseline: an image with holes is unlike anything that the network was trained on.
 *
 * Source: Petsiuk, Das and Saenko 2018, RISE (https://arxiv.org/abs/1806.07421). Deviations: whole
 * cells of the map's own grid are removed, not pixels of an enlarged map; deletion takes the same baselines as
 * insertion (the paper's sets pixels to a constant); equals are ordered at random.
 *
 * @param explanation map on a grid of any size
 * @param predict the probability of the explained class; `probabilityOf` makes it of a classifier
 * @throws UserError for a map that is none, a grid finer than the image, steps that don't fit, a baseline that is not like
 *   the image, and a prediction that does not fit
 */
export async function removalCurve(
  image: PixelImage,
  explanation: RelevanceMap,
  predict: PredictTarget,
  { batchSize = 32, ...options }: RemovalCurveOptions,
): Promise<RemovalCurve> {
  const sequence = await removalSequence(image, explanation, options);
  const { shares, imageAt } = sequence;
  const probabilities = Array.from(await predictAll(predict, shares.length, imageAt, batchSize));
  return { ...sequence, probabilities, area: areaUnder(shares, probabilities) };
}

/**
 * The area under a curve, by the trapezoid rule.
 * @param x ascending @param y at each of `x`
 * @throws UserError for fewer than two points, or lists of different lengths
 */
export function areaUnder(x: readonly number[], y: readonly number[]): number {
  if (x.length !== y.length || x.length < 2) {
    throw new UserError(
      `A curve needs two points or more, each with both numbers, not ${x.length} and ${y.length}.`,
    );
  }
  return y.slice(1).reduce((sum, value, i) => sum + ((value + y[i]!) / 2) * (x[i + 1]! - x[i]!), 0);
}
