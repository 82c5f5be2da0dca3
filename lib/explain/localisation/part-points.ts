import { requireWhole } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";
import type { RelevanceMap } from "../question";
import { relevanceOfPixels, requireMap } from "../relevance-map";

/** A part of the object, such as a bird's beak, in pixels of the image; pixel 0 reaches from 0 to 1. */
export interface PartPoint {
  /** Columns of pixels from the left edge. */
  x: number;
  /** Rows of pixels from the upper edge. */
  y: number;
}

/**
 * How high the map stands on the parts of the object: for every point, the share of the image's pixels that are less
 * relevant than the pixel under it, where equals count half; and the mean over the points. The uniform map, and
 * a map that is zero everywhere, get 0.5; 1 would be a map whose points stand above everything else.
 *
 * The mean is the area under the ROC curve with the points as positives and all pixels as negatives, the "AUC-Judd"
 * by which maps of human fixations are judged (Bylinskii et al. 2019, "What do different evaluation metrics tell
 * us about saliency models?", https://arxiv.org/abs/1604.03605), with parts in the place of fixations.
 * Deviation: all pixels are negatives, the points' own too.
 *
 * @param points those parts that can be seen
 * @param width of the image, in pixels
 * @param height of the image, in pixels
 * @returns the mean, 0 … 1, and the share for every point, in their order
 * @throws UserError for no points, a point beyond the image, or a map that is none
 */
export function partPointScore(
  explanation: RelevanceMap,
  points: readonly PartPoint[],
  width: number,
  height: number,
): { mean: number; perPoint: number[] } {
  requireMap(explanation);
  requireWhole("The width of an image", width, 1);
  requireWhole("The height of an image", height, 1);
  if (points.length === 0) {
    throw new UserError("There are no part points to look at. Leave out images whose parts can't be seen.");
  }
  for (const { x, y } of points) {
    if (x >= 0 && y >= 0 && x < width && y < height) continue;
    throw new UserError(
      `The part point (${x}, ${y}) lies beyond its image of ${width} × ${height} pixels. ` +
        "Give points in this image's pixels.",
    );
  }
  const relevance = relevanceOfPixels(explanation, width, height);
  const perPoint = points.map(({ x, y }) => {
    const here = relevance[Math.floor(y) * width + Math.floor(x)]!;
    let below = 0;
    for (const value of relevance) below += value < here ? 1 : value === here ? 0.5 : 0;
    return below / relevance.length;
  });
  return { mean: perPoint.reduce((sum, share) => sum + share, 0) / points.length, perPoint };
}
