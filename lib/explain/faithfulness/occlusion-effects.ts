import type { PixelImage } from "../../images/pixel-image";
import { cellOfPixels, mixImages } from "./cells";
import { type PredictTarget, predictAll } from "./predict";
import { type RemovalBaseline, removalBaselineImage } from "./removal-baseline";

export interface OcclusionEffectOptions {
  /** What stands where a cell is removed; `blurred` by default. */
  baseline?: RemovalBaseline;
  /** Images that are asked about at once; 32 by default. */
  batchSize?: number;
}

/**
 * Leave-one-out in pixels: what the explained class loses when one cell of the image alone is removed,
 * p(image) − p(image without the cell). Negative where the class gains.
 *
 * Correlate it with a map by `spearman` or `pearson`. A network that needs one of two alike cells loses nothing
 * without either: a low correlation can also mean that the image says the same thing twice.
 *
 * @returns row-major `[rows, columns]`, −1 … 1
 * @throws UserError for a baseline that is not like the image, or a prediction that does not fit
 */
export async function occlusionEffects(
  image: PixelImage,
  rows: number,
  columns: number,
  predict: PredictTarget,
  { baseline = "blurred", batchSize = 32 }: OcclusionEffectOptions = {},
): Promise<Float32Array> {
  const removed = await removalBaselineImage(image, baseline);
  const cells = cellOfPixels(image, rows, columns);
  const without = (cell: number) => mixImages(image, removed, (pixel) => cells[pixel] === cell);
  const imageAt = (index: number) => (index === 0 ? image : without(index - 1));
  const [whole, ...rest] = await predictAll(predict, rows * columns + 1, imageAt, batchSize);
  return Float32Array.from(rest, (probability) => whole! - probability);
}
