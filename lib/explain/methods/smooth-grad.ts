import * as tf from "@tensorflow/tfjs";
import { StepRandom } from "../../graph/step-random";
import { requireBetween, requireWhole } from "../../runtime/checks";
import { randomStream } from "../../runtime/random";
import { perPixel, sumPixelGradients } from "../pixel-gradients";
import type { CommonOptions, Question, RelevanceMap } from "../question";

/** How many noisy copies there are, and how noisy they are. */
export interface SmoothGradOptions extends CommonOptions {
  /** Noisy copies of the image, 1 … 10,000; 50 by default, beyond which the paper saw little change. */
  samples?: number;
  /**
   * Standard deviation of the noise as a share of the image's range, its largest value minus its smallest: 0 … 1,
   * 0.15 by default; the paper recommends 0.1 to 0.2. With 0 the map is the plain gradient's.
   */
  noise?: number;
  /** Decides the noise: same seed, same map. 0 by default. */
  seed?: number;
}

/**
 * SmoothGrad: the gradient of the target's logit at the pixels, averaged over noisy copies of the image, at the image's
 * resolution. A pixel's map value is the sum of the absolute values of its three channels: a gradient's sign says in
 * which direction the pixel would have to change, not whether it speaks for the class.
 *
 * Source: Smilkov et al. 2017 (https://arxiv.org/abs/1706.03825), section 3; the channels are joined as in the authors'
 * code.
 * @throws UserError for options out of range, and on the wasm backend
 */
export async function smoothGrad(question: Question, options: SmoothGradOptions): Promise<RelevanceMap> {
  const { samples = 50, noise = 0.15, seed = 0 } = options;
  requireWhole("The samples of SmoothGrad", samples, 1, 10_000);
  requireBetween("The noise of SmoothGrad", noise, 0, 1);
  requireWhole("The seed of SmoothGrad", seed, 0, Number.MAX_SAFE_INTEGER);
  const { data } = question.image;
  const range = data.reduce((a, b) => Math.max(a, b)) - data.reduce((a, b) => Math.min(a, b));
  const { inputSize } = question.network;
  const random = new StepRandom(randomStream(seed, "SmoothGrad").tensorSeed());
  try {
    const gradient = await averageGradient(question, samples, (_, size) =>
      tf.mul(random.normal<tf.Rank.R4>([size, inputSize, inputSize, 3]), noise * range),
    );
    const map = perPixel(gradient, (...channels) => channels.reduce((sum, g) => sum + Math.abs(g), 0));
    return { map, rows: inputSize, columns: inputSize };
  } finally {
    random.dispose();
  }
}

/**
 * The mean of the gradients at the image plus noise, with their signs, `[inputSize, inputSize, 3]`.
 * @param noise makes the noise of `size` samples from number `first` on, `[size, inputSize, inputSize, 3]`
 */
export async function averageGradient(
  question: Question,
  samples: number,
  noise: (first: number, size: number) => tf.Tensor4D,
): Promise<Float32Array> {
  const sum = await sumPixelGradients(question, samples, (first, size) =>
    tf.add(question.pixels, noise(first, size)),
  );
  return sum.map((value) => value / samples);
}
