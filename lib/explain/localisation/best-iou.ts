import type { PixelImage } from "../../images/pixel-image";
import type { RelevanceMap } from "../question";
import { relevanceOfPixels, requireMap } from "../relevance-map";
import { isInside, requireMask } from "./object-mask";

/**
 * How well the map's shape can fit the object's: the best intersection over union of the mask and of
 * {pixels whose relevance is at least t}, over all thresholds t, with the map enlarged to the mask's size.
 *
 * The best threshold is chosen for this one image with its mask known: an upper bound of what the map could give,
 * not what it gives. A threshold for a whole data set is what `maxBoxAccuracy` has. The uniform map, and a map that
 * is zero everywhere, get the share of the image that is object.
 *
 * Every value is tried as a threshold, so no step size enters. The score is ours, in the spirit of Choe et al. 2020
 * (https://arxiv.org/abs/2001.07437), who judge a map by its best threshold and not by a fixed one.
 *
 * @param mask `[height, width, 1]`, 0 … 255; a pixel is object above 127
 * @returns the IoU, 0 … 1, and the threshold that gives it, in the map's own scale
 * @throws UserError for a map that is none, or an empty mask
 */
export function bestIou(explanation: RelevanceMap, mask: PixelImage): { iou: number; threshold: number } {
  requireMap(explanation);
  requireMask(mask);
  const relevance = relevanceOfPixels(explanation, mask.width, mask.height);
  // Sorted from small to large; what is at least t is what comes from some place on.
  const inside = relevance.filter((_, pixel) => isInside(mask, pixel)).sort();
  const outside = relevance.filter((_, pixel) => !isInside(mask, pixel)).sort();
  let best = { iou: 0, threshold: 0 };
  let firstOutside = 0;
  // Only values of the object's pixels can be best: a threshold between two of them adds nothing but background.
  for (const [firstInside, threshold] of inside.entries()) {
    if (firstInside > 0 && threshold === inside[firstInside - 1]) continue;
    while (firstOutside < outside.length && outside[firstOutside]! < threshold) firstOutside++;
    const union = inside.length + outside.length - firstOutside;
    const iou = (inside.length - firstInside) / union;
    if (iou > best.iou) best = { iou, threshold };
  }
  return best;
}
