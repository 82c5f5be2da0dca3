import type { PixelImage } from "../../images/pixel-image";
import { requireBetween } from "../../runtime/checks";
import type { RelevanceMap } from "../question";
import { requireMap } from "../relevance-map";
import { isInside, requireMask } from "./object-mask";

/** What counts as a hit. */
export interface PointingOptions {
  /** How far from the object, in pixels, a point still hits: 15 in the paper; 0 here by default, which is strict. */
  tolerance?: number;
}

/**
 * The pointing game: does the map's maximum fall on the object? The accuracy over images is the mean of the results.
 *
 * - The point is the pixel that holds the centre of the largest cell.
 * - It hits when a pixel of the object (mask above 127) is at most `tolerance` pixels from it, centre to centre.
 * - Where several cells tie for the maximum, the result is the share of them that hit: what drawing one of them at
 *   random gives on average. The uniform map, and a map that is zero everywhere, so get the share of all cells.
 *
 * Source: Zhang et al. 2018, "Top-down neural attention by excitation backprop"
 * (https://arxiv.org/abs/1608.00507). Deviations: its tolerance is 15 pixels; it says nothing of ties; and it
 * averages the accuracies of the classes, here the caller averages as it likes.
 *
 * @param mask `[height, width, 1]`, 0 … 255; `boxMask` makes one of a box
 * @returns 1 for a hit, 0 for a miss, between the two for ties
 * @throws UserError for a map that is none, an empty mask, or a negative tolerance
 */
export function pointingGame(
  explanation: RelevanceMap,
  mask: PixelImage,
  { tolerance = 0 }: PointingOptions = {},
): number {
  requireMap(explanation);
  requireMask(mask);
  requireBetween("The tolerance of the pointing game, in pixels,", tolerance, 0, Number.MAX_VALUE);
  const { map, rows, columns } = explanation;
  const largest = map.reduce((most, value) => Math.max(most, value), 0);
  let tied = 0;
  let hits = 0;
  for (const [cell, value] of map.entries()) {
    if (value !== largest) continue;
    tied++;
    const x = Math.floor((((cell % columns) + 0.5) * mask.width) / columns);
    const y = Math.floor(((Math.floor(cell / columns) + 0.5) * mask.height) / rows);
    if (isNear(mask, x, y, tolerance)) hits++;
  }
  return hits / tied;
}

/** Whether a pixel of the object lies at most `tolerance` pixels from pixel (x, y). */
function isNear(mask: PixelImage, x: number, y: number, tolerance: number): boolean {
  const reach = Math.floor(tolerance);
  for (let row = Math.max(0, y - reach); row <= Math.min(mask.height - 1, y + reach); row++) {
    for (let column = Math.max(0, x - reach); column <= Math.min(mask.width - 1, x + reach); column++) {
      if (Math.hypot(column - x, row - y) > tolerance) continue;
      if (isInside(mask, row * mask.width + column)) return true;
    }
  }
  return false;
}
