import * as tf from "@tensorflow/tfjs";
import { StepRandom } from "../../graph/step-random";
import { requireBetween, requireWhole } from "../../runtime/checks";
import { randomStream } from "../../runtime/random";
import type { Convergence } from "../convergence";
import { AGREED, halfAgreement } from "../half-agreement";
import { perPixel, sumPixelGradients } from "../pixel-gradients";
import type { CommonOptions, MethodMap, Question } from "../question";

/** How many noisy copies there are, and how noisy they are. */
export interface SmoothGradOptions extends CommonOptions {
  /**
   * Noisy copies of the image, 1 … 10,000. When left out: as many as it takes until the maps of two halves of them agree, see
   * `most`. The paper takes 50, beyond which it saw little change.
   */
  samples?: number;
  /** Where `samples` is left out: the most that are drawn, 32 … 10,000; 256 by default. */
  most?: number;
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
 * Unless their number is given, copies are drawn, 32 at a time, until the maps of two halves of them have a rank correlation
 * of 0.9 on the token grid. The result says how many it took, and how far the halves agree.
 *
 * Source: Smilkov et al. 2017 (https://arxiv.org/abs/1706.03825), section 3; the channels are joined as in the authors'
 * code. The paper sets the number of copies beforehand.
 * @throws UserError for options out of range, and on the wasm backend
 */
export async function smoothGrad(question: Question, options: SmoothGradOptions): Promise<MethodMap> {
  const { samples, most = 256, noise = 0.15, seed = 0 } = options;
  if (samples !== undefined) requireWhole("The samples of SmoothGrad", samples, 1, 10_000);
  requireWhole("The most samples of SmoothGrad", most, 2 * HALF, 10_000);
  requireBetween("The noise of SmoothGrad", noise, 0, 1);
  requireWhole("The seed of SmoothGrad", seed, 0, Number.MAX_SAFE_INTEGER);
  const { data } = question.image;
  const range = data.reduce((a, b) => Math.max(a, b)) - data.reduce((a, b) => Math.min(a, b));
  const { inputSize } = question.network;
  const random = new StepRandom(randomStream(seed, "SmoothGrad").tensorSeed());
  const draw = (_: number, size: number) =>
    tf.mul(random.normal<tf.Rank.R4>([size, inputSize, inputSize, 3]), noise * range) as tf.Tensor4D;
  try {
    if (samples === undefined) return await untilAgreed(question, most, draw);
    const gradient = await averageGradient(question, samples, draw);
    return { map: magnitudes(gradient), rows: inputSize, columns: inputSize };
  } finally {
    random.dispose();
  }
}

/** Samples that are added to each half before it is seen again whether they agree. */
const HALF = 16;

type Noise = (first: number, size: number) => tf.Tensor4D;

/** Draws samples into two halves until their maps agree. */
async function untilAgreed(question: Question, most: number, noise: Noise): Promise<MethodMap> {
  const { inputSize } = question.network;
  const [one, other] = [new Float32Array(inputSize ** 2 * 3), new Float32Array(inputSize ** 2 * 3)];
  for (let runs = 0; ; ) {
    for (const half of [one, other]) {
      const before = runs;
      const onProgress = (done: number) => question.onProgress?.(before + done, most);
      const gradient = await averageGradient({ ...question, onProgress }, HALF, noise);
      for (let i = 0; i < half.length; i++) half[i]! += gradient[i]!;
      runs += HALF;
    }
    const agreement = halfAgreement(question, magnitudes(one), magnitudes(other));
    if (agreement < AGREED && runs + 2 * HALF <= most) continue;
    const convergence: Convergence = { runs, converged: agreement >= AGREED, agreement };
    const rounds = runs / HALF;
    const map = magnitudes(one.map((value, i) => (value + other[i]!) / rounds));
    return { map, rows: inputSize, columns: inputSize, convergence };
  }
}

/** The sum of the absolute values of each pixel's channels. */
function magnitudes(gradient: Float32Array): Float32Array {
  return perPixel(gradient, (...channels) => channels.reduce((sum, g) => sum + Math.abs(g), 0));
}

/**
 * The mean of the gradients at the image plus noise, with their signs, `[inputSize, inputSize, 3]`.
 * @param noise makes the noise of `size` samples from number `first` on, `[size, inputSize, inputSize, 3]`
 */
export async function averageGradient(
  question: Question,
  samples: number,
  noise: Noise,
): Promise<Float32Array> {
  const sum = await sumPixelGradients(question, samples, (first, size) =>
    tf.add(question.pixels, noise(first, size)),
  );
  return sum.map((value) => value / samples);
}
