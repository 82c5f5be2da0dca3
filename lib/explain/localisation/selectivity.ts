import type { PixelImage } from "../../images/pixel-image";
import type { RelevanceMap } from "../question";
import { massInside } from "./mass-inside";
import { requireMask } from "./object-mask";

/**
 * How much more of a map lies on the target than on distractors, per area: d_t / (d_t + d_d), where d is the share of the map
 * that lies on the target, or on the distractors, divided by its area. 0.5 for a map that can't tell them apart, such as the
 * uniform one and one that finds whatever was pasted; 1 where nothing lies on distractors. The ratio d_t / d_d itself is
 * s / (1 − s); it has no mean over images, since it is infinite where nothing lies on distractors. 0.5 too where nothing lies
 * on either.
 *
 * @param target @param distractors masks `[height, width, 1]`, 0 … 255; the distractors' is that of all of them
 * @returns 0 … 1
 * @throws UserError for a map that is none or an empty mask
 */
export function selectivity(explanation: RelevanceMap, target: PixelImage, distractors: PixelImage): number {
  requireMask(target);
  requireMask(distractors);
  const [onTarget, onDistractors] = [target, distractors].map(
    (mask) => massInside(explanation, mask) / mask.data.reduce((sum, value) => sum + value, 0),
  ) as [number, number];
  return onTarget + onDistractors > 0 ? onTarget / (onTarget + onDistractors) : 0.5;
}
