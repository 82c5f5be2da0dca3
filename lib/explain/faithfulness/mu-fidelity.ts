import type { PixelImage } from "../../images/pixel-image";
import { requireBetween, requireWhole } from "../../runtime/checks";
import { randomStream } from "../../runtime/random";
import { UserError } from "../../runtime/user-error";
import { pearson } from "../correlation";
import type { RelevanceMap } from "../question";
import { requireMap } from "../relevance-map";
import { cellOfPixels, mixImages } from "./cells";
import { type PredictTarget, predictAll } from "./predict";
import { type RemovalBaseline, removalBaselineImage } from "./removal-baseline";

/** Which cells are removed together, and what takes their place. */
export interface SubsetOptions {
  /** Rows and columns of the grid: those of the maps that are to be scored. */
  rows: number;
  columns: number;
  /** How many random subsets, 2 … 100,000; 128 by default. */
  subsets?: number;
  /** Share of the cells that a subset removes, above 0 and below 1; 0.2 by default. */
  share?: number;
  /** What stands where cells are removed; `blurred` by default. */
  baseline?: RemovalBaseline;
  /** Decides the subsets. 0 by default. */
  seed?: number;
  /** Images that are asked about at once; 32 by default. */
  batchSize?: number;
}

/** What the network loses without each of some random subsets of cells: asked once, it scores every map of the image. */
export interface SubsetDrops {
  rows: number;
  columns: number;
  /** The cells of each subset. */
  subsets: readonly (readonly number[])[];
  /** What the explained class loses without each: p(image) − p(without). */
  drops: Float32Array;
}

/**
 * Removes random subsets of cells and asks what the explained class loses; for `muFidelity`.
 * @throws UserError for a grid finer than the image, options out of range, or a prediction that does not fit
 */
export async function subsetDrops(
  image: PixelImage,
  predict: PredictTarget,
  options: SubsetOptions,
): Promise<SubsetDrops> {
  const { rows, columns, share = 0.2, baseline = "blurred", seed = 0, batchSize = 32 } = options;
  requireWhole("The rows of a grid", rows, 1, image.height);
  requireWhole("The columns of a grid", columns, 1, image.width);
  const count = requireWhole("The subsets of MuFidelity", options.subsets ?? 128, 2, 100_000);
  requireBetween("The share of cells that a subset removes", share, 0, 1);
  const size = Math.round(share * rows * columns);
  if (size < 1 || size >= rows * columns) {
    throw new UserError(
      `A subset of ${size} of ${rows * columns} cells is ${size < 1 ? "empty" : "all of them"}. Give another share.`,
    );
  }
  const stream = randomStream(seed, "MuFidelity");
  const all = Array.from({ length: rows * columns }, (_, cell) => cell);
  const subsets = Array.from({ length: count }, () => stream.shuffled(all).slice(0, size));
  const removed = await removalBaselineImage(image, baseline);
  const cells = cellOfPixels(image, rows, columns);
  const imageAt = (index: number) => {
    if (index === count) return image;
    const members = new Set(subsets[index]);
    return mixImages(image, removed, (pixel) => members.has(cells[pixel]!));
  };
  const probabilities = await predictAll(predict, count + 1, imageAt, batchSize);
  return {
    rows,
    columns,
    subsets,
    drops: probabilities.subarray(0, count).map((without) => probabilities[count]! - without),
  };
}

/**
 * MuFidelity: does the network lose the more without a subset of cells, the more relevance the map gives them together?
 * Pearson's correlation over random subsets, −1 … 1, of the relevance within a subset and of what is lost without it. A random
 * map gives 0 on average; NaN where all subsets have the same relevance, or all lose the same.
 *
 * Source: Bhatt, Weller and Moura 2020, "Evaluating and aggregating feature-based model explanations"
 * (https://arxiv.org/abs/2005.00631), who call it faithfulness correlation; the name is that of the toolbox Xplique. Deviation:
 * relevance here is not negative, so what speaks against the class counts as nothing.
 * @throws UserError for a map that is none, or on another grid than that of the subsets
 */
export function muFidelity(
  explanation: RelevanceMap,
  { rows, columns, subsets, drops }: SubsetDrops,
): number {
  requireMap(explanation);
  if (explanation.rows !== rows || explanation.columns !== columns) {
    throw new UserError(
      `The map has ${explanation.rows} × ${explanation.columns} cells, the subsets are of ${rows} × ${columns}. ` +
        "Bring them onto one grid with `poolMap`.",
    );
  }
  const within = subsets.map((cells) => cells.reduce((sum, cell) => sum + explanation.map[cell]!, 0));
  return pearson(within, drops);
}
