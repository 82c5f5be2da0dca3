import type { Rectangle } from "../../images/resample";
import { requireBetween, requireWhole } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";
import type { RelevanceMap } from "../question";
import { relevanceOfPixels, requireMap } from "../relevance-map";
import { largestComponentBoxes } from "./largest-component";

/** One image of a data set with boxes. */
export interface BoxedExplanation {
  explanation: RelevanceMap;
  /** The true box or boxes, in pixels; the nearest one counts. */
  boxes: readonly Rectangle[];
  /** Size of the image, in pixels. */
  width: number;
  height: number;
}

/** How often the box around a map finds the object, at one least overlap. */
export interface BoxAccuracy {
  /** The least IoU that counts as found. */
  iou: number;
  /** Share of images whose box is found at the best threshold, 0 … 1. */
  accuracy: number;
  /** That threshold, the same for all images; 0 … 1 between each map's least and largest value. */
  threshold: number;
}

/** Thresholds lie 0.001 apart, as in the paper's code. */
const LEVELS = 1000;

/**
 * MaxBoxAcc: the share of images whose box is found, at the one threshold that is best over the data set. A map is
 * enlarged to its image, scaled to 0 … 1 between its least and largest value, and the box of the largest
 * connected component of {relevance ≥ threshold} is held against the true box. A map that is the same
 * everywhere is zero after scaling, and its box is the whole image.
 *
 * Source: MaxBoxAcc of Choe et al. 2020, "Evaluating weakly supervised object localization methods right"
 * (https://arxiv.org/abs/2001.07437), at the three IoU of the MaxBoxAccV2 of their journal version
 * (https://arxiv.org/abs/2007.04178). Deviations: the largest component alone is looked at, as in MaxBoxAcc (V2 takes
 * the best of all components); its size is its count of pixels, where the authors' code takes the area within its
 * contour; maps are enlarged bilinearly, not bicubically, which overshoots. The threshold is chosen on the images
 * given.
 *
 * @param ious 0.3, 0.5 and 0.7 by default
 * @returns one result for each IoU; of thresholds that do equally well the lowest
 * @throws UserError for no images, an image without a box, a box without area, or a map that is none
 */
export function maxBoxAccuracy(
  images: readonly BoxedExplanation[],
  ious: readonly number[] = [0.3, 0.5, 0.7],
): BoxAccuracy[] {
  const curves = boxAccuracies(images, ious);
  return ious.map((iou, i) => {
    const curve = curves[i]!;
    const accuracy = Math.max(...curve);
    return { iou, accuracy, threshold: curve.indexOf(accuracy) / LEVELS };
  });
}

/**
 * The accuracies behind `maxBoxAccuracy`: for each IoU, the share of images found at the thresholds
 * 0, 0.001, … 1.
 * @throws UserError as `maxBoxAccuracy`
 */
function boxAccuracies(images: readonly BoxedExplanation[], ious: readonly number[]): number[][] {
  if (images.length === 0) throw new UserError("There are no images to find boxes in. Give at least one.");
  if (ious.length === 0)
    throw new UserError("There is no IoU that counts as found. Give at least one, such as 0.5.");
  for (const iou of ious) requireBetween("An IoU that counts as found", iou, 0, 1);
  const found = ious.map(() => new Array<number>(LEVELS + 1).fill(0));
  for (const [i, image] of images.entries()) {
    requireBoxes(image, i);
    for (const [level, box] of estimatedBoxes(image).entries()) {
      const overlap = box ? Math.max(...image.boxes.map((truth) => boxIou(box, truth))) : 0;
      for (const [j, iou] of ious.entries()) if (overlap >= iou) found[j]![level]!++;
    }
  }
  return found.map((counts) => counts.map((count) => count / images.length));
}

/** Intersection over union of two boxes, 0 … 1. */
export function boxIou(a: Rectangle, b: Rectangle): number {
  const across = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const down = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  const shared = Math.max(0, across) * Math.max(0, down);
  return shared / (a.width * a.height + b.width * b.height - shared);
}

function estimatedBoxes({ explanation, width, height }: BoxedExplanation) {
  requireMap(explanation);
  const relevance = relevanceOfPixels(explanation, width, height);
  const [least, largest] = relevance.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)] as const,
    [Number.POSITIVE_INFINITY, 0] as readonly [number, number],
  );
  const range = largest - least;
  const levels = Uint16Array.from(relevance, (value) =>
    range > 0 ? Math.floor((LEVELS * (value - least)) / range) : 0,
  );
  return largestComponentBoxes(levels, width, height, LEVELS);
}

function requireBoxes({ boxes, width, height }: BoxedExplanation, index: number): void {
  requireWhole(`The width of image ${index}`, width, 1);
  requireWhole(`The height of image ${index}`, height, 1);
  for (const { left, top, width: across, height: down } of boxes) {
    if ([left, top, across, down].every(Number.isFinite)) continue;
    throw new UserError(
      `A box of image ${index} is at left ${left}, top ${top}, ${across} × ${down}. Give finite numbers, in pixels.`,
    );
  }
  if (boxes.length > 0 && boxes.every((box) => box.width > 0 && box.height > 0)) return;
  throw new UserError(
    `Image ${index} has ${boxes.length === 0 ? "no box" : "a box without area"}. Give every image a box, or leave it out.`,
  );
}
