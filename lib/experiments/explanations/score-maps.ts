import { spearman } from "../../explain/correlation";
import type { PredictTarget } from "../../explain/faithfulness/predict";
import { removalCurve } from "../../explain/faithfulness/removal-curve";
import type { TokenEffects } from "../../explain/faithfulness/token-effects";
import { bestIou } from "../../explain/localisation/best-iou";
import { massInside } from "../../explain/localisation/mass-inside";
import { maxBoxAccuracy } from "../../explain/localisation/max-box-accuracy";
import { pointingGame } from "../../explain/localisation/pointing-game";
import type { RelevanceMap } from "../../explain/question";
import type { PixelImage } from "../../images/pixel-image";
import type { MeasureColumn } from "./grid";
import { maskBox } from "./mask-box";
import { REMOVAL_STEPS } from "./plan";

/** A map with the image that it explains. */
export interface ScoredMap {
  map: RelevanceMap;
  image: PixelImage;
  mask: PixelImage;
}

export type ImageScores = Record<Exclude<MeasureColumn, "max_box_accuracy">, number>;

/**
 * What is measured of one map. A map that is the same everywhere ranks nothing, and its correlation counts as 0.
 * @param predict the probability of the explained class
 * @param effects what the decision loses without each token
 */
export async function scoresOf(
  { map, image, mask }: ScoredMap,
  predict: PredictTarget,
  effects: TokenEffects,
): Promise<ImageScores> {
  const area = async (kind: "deletion" | "insertion") =>
    (await removalCurve(image, map, predict, { kind, steps: REMOVAL_STEPS })).area;
  return {
    mass_inside: massInside(map, mask),
    pointing_game: pointingGame(map, mask),
    best_iou: bestIou(map, mask).iou,
    deletion: await area("deletion"),
    insertion: await area("insertion"),
    leave_one_out: spearman(map.map, effects.distances) || 0,
    leave_one_out_signed: spearman(map.map, effects.drops) || 0,
  };
}

/** The mean of MaxBoxAcc at 30, 50 and 70 % IoU over the maps of one method, at the threshold that is best for them. */
export function boxScore(maps: readonly ScoredMap[]): number {
  const results = maxBoxAccuracy(
    maps.map(({ map, mask }) => ({
      explanation: map,
      boxes: [maskBox(mask)],
      width: mask.width,
      height: mask.height,
    })),
  );
  return results.reduce((sum, { accuracy }) => sum + accuracy, 0) / results.length;
}
