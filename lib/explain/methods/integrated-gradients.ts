import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../../runtime/checks";
import { type Baseline, baselinePixels, MIDDLE_GREY } from "../baseline";
import { perPixel, sumPixelGradients } from "../pixel-gradients";
import type { CommonOptions, Question, RelevanceMap } from "../question";

/** The path along which integrated gradients are taken. */
export interface IntegratedGradientsOptions extends CommonOptions {
  /** The image from which the path starts, middle grey (127) by default. */
  baseline?: Baseline;
  /** Points of the path at which the gradient is taken, 1 … 10,000; 50 by default. */
  steps?: number;
}

/**
 * Integrated gradients: a pixel's share in what the target's logit gains from the baseline to the image, at the image's
 * resolution. A pixel's map value is the sum of its three channels' attributions where that is positive, else 0:
 * attributions are made to be added up, and a map of relevance shows what speaks for the class.
 *
 * Source: Sundararajan, Taly and Yan 2017 (https://arxiv.org/abs/1703.01365), equations 1 and 3. Deviations: the paper
 * starts from a black image, to which dark pixels are no change; the Riemann sum takes the middle of each step, not its
 * end, which lies nearer to the integral.
 * @throws UserError for a number of steps or a brightness out of range, and on the wasm backend
 */
export async function integratedGradients(
  question: Question,
  options: IntegratedGradientsOptions,
): Promise<RelevanceMap> {
  const attributions = await attributeAlongPath(question, options);
  const { inputSize } = question.network;
  const map = perPixel(attributions, (red, green, blue) => Math.max(0, red + green + blue));
  return { map, rows: inputSize, columns: inputSize };
}

/**
 * The attributions with their signs, `[inputSize, inputSize, 3]`:
 * (x − x′) (1/m) Σ_k ∂logit/∂x at x′ + (k − ½)/m (x − x′), k = 1 … m. Over an infinitely fine path they add up to
 * logit(x) − logit(x′).
 */
export async function attributeAlongPath(
  question: Question,
  { baseline = MIDDLE_GREY, steps = 50 }: IntegratedGradientsOptions,
): Promise<Float32Array> {
  requireWhole("The steps of integrated gradients", steps, 1, 10_000);
  const { pixels } = question;
  const start = await baselinePixels(question, baseline);
  const way = tf.sub(pixels, start);
  try {
    const sum = await sumPixelGradients(question, steps, (first, size) => {
      const shares = Array.from({ length: size }, (_, i) => (first + i + 0.5) / steps);
      return tf.add(start, tf.mul(way, tf.tensor4d(shares, [size, 1, 1, 1])));
    });
    const distance = await way.data<"float32">();
    return sum.map((value, i) => (value / steps) * distance[i]!);
  } finally {
    tf.dispose([start, way]);
  }
}
