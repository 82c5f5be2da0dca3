import * as tf from "@tensorflow/tfjs";
import { blurImage } from "../images/blur";
import { stackImages } from "../images/stack-images";
import { requireBetween } from "../runtime/checks";
import type { Question } from "./question";

/**
 * What stands for "nothing there": one grey of this brightness, 0 … 255, or the image itself, blurred beyond
 * recognition by a Gaussian whose standard deviation is a twentieth of the side.
 */
export type Baseline = number | "blurred";

/** The grey in the middle, near the mean of natural images; EfficientNet-Lite's preprocessing makes 0 of it. */
export const MIDDLE_GREY = 127;

/**
 * The baseline of an image as pixels, `[1, inputSize, inputSize, 3]`.
 * @throws UserError for a brightness outside of 0 … 255
 */
export async function baselinePixels({ image, network }: Question, baseline: Baseline): Promise<tf.Tensor4D> {
  const side = network.inputSize;
  if (baseline === "blurred") return stackImages([blurImage(image, side / 20)], side);
  return tf.fill([1, side, side, 3], requireBetween("The baseline's brightness", baseline, 0, 255));
}
