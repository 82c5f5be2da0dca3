import type { PixelImage } from "../../images/pixel-image";
import { requireBetween, requireWhole } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";
import type { RelevanceMap } from "../question";
import { requireMap } from "../relevance-map";
import { cellOfPixels } from "./cells";
import { imputeNoisyLinear } from "./noisy-linear-imputation";
import { type PredictTarget, predictAll } from "./predict";
import { placesInOrder } from "./removal-order";

/** How much is removed, and the network asked. */
export interface RoadOptions {
  /** Shares of the cells that are removed, each between 0 and 1; 0.2, 0.4 and 0.6 by default. */
  shares?: readonly number[];
  /** Decides the noise, and the order of cells that are equally relevant. 0 by default. */
  seed?: number;
  /** Images that are asked about at once; 32 by default. */
  batchSize?: number;
}

/** What is left of the class when the most, or the least, relevant cells are gone. */
export interface Road {
  /** Probability of the explained class without the most relevant cells, at each of the shares. */
  mostFirst: number[];
  /** The same without the least relevant cells. */
  leastFirst: number[];
  /** Mean of `leastFirst − mostFirst`, −1 … 1: large is good, and a random order gives 0 on average. */
  score: number;
}

/**
 * ROAD, "remove and debias": how much more of the class is left when the least relevant cells are removed than when the most
 * relevant are. What is removed is imputed by `imputeNoisyLinear`, so that no shape of a hole tells the network what was
 * there, as it does with a blurred or grey baseline.
 *
 * Source: Rong et al. 2022 (https://arxiv.org/abs/2202.00449). Deviations: whole cells of the map's own grid are removed, not
 * pixels of an enlarged map; the probability of the explained class is read, not the accuracy over many images; most and
 * least relevant first are joined into one number, by their difference.
 * @throws UserError for a map that is none, a grid finer than the image, shares out of range, or a prediction that does not fit
 */
export async function road(
  image: PixelImage,
  explanation: RelevanceMap,
  predict: PredictTarget,
  { shares = [0.2, 0.4, 0.6], seed = 0, batchSize = 32 }: RoadOptions = {},
): Promise<Road> {
  requireMap(explanation);
  requireWhole("The seed of ROAD", seed, 0, Number.MAX_SAFE_INTEGER);
  const { map, rows, columns } = explanation;
  if (rows > image.height || columns > image.width || map.length < 2) {
    throw new UserError(
      `A grid of ${rows} × ${columns} cells can't be removed from an image of ${image.height} × ${image.width} pixels ` +
        "in parts. Give a map of two cells or more, no finer than the image.",
    );
  }
  if (shares.length === 0) throw new UserError("ROAD needs one share or more of cells to remove.");
  const counts = shares.map((share) => {
    requireBetween("A share of the cells that ROAD removes", share, 0, 1);
    return Math.min(map.length - 1, Math.max(1, Math.round(share * map.length)));
  });
  const cells = cellOfPixels(image, rows, columns);
  const places = placesInOrder(map, seed);
  const removals = [
    ...counts.map((count) => (place: number) => place < count),
    ...counts.map((count) => (place: number) => place >= map.length - count),
  ];
  const imageAt = (index: number) => {
    const isRemoved = removals[index]!;
    const removed = Uint8Array.from(cells, (cell) => Number(isRemoved(places[cell]!)));
    return imputeNoisyLinear(image, removed, seed);
  };
  const probabilities = Array.from(await predictAll(predict, removals.length, imageAt, batchSize));
  const [mostFirst, leastFirst] = [probabilities.slice(0, counts.length), probabilities.slice(counts.length)];
  const sum = leastFirst.reduce((total, value, i) => total + value - mostFirst[i]!, 0);
  return { mostFirst, leastFirst, score: sum / counts.length };
}
