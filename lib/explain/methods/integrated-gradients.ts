import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../../runtime/checks";
import { type Baseline, baselinePixels, MIDDLE_GREY } from "../baseline";
import type { Convergence } from "../convergence";
import { perPixel, sumPixelGradients } from "../pixel-gradients";
import type { CommonOptions, MethodMap, Question } from "../question";

/** The path along which integrated gradients are taken. */
export interface IntegratedGradientsOptions extends CommonOptions {
  /** The image from which the path starts, middle grey (127) by default. */
  baseline?: Baseline;
  /**
   * Points of the path at which the gradient is taken, 1 … 10,000. When left out: 128, then twice as many until the
   * attributions add up to what the logit gains within 5 %, at most 1,024.
   */
  steps?: number;
}

const [FEWEST_STEPS, MOST_STEPS] = [128, 1024];

/** The most by which attributions may miss the gain, see `Convergence.gap`. */
const TOLERATED_GAP = 0.05;

/**
 * Integrated gradients: a pixel's share in what the target's logit gains from the baseline to the image, at the image's
 * resolution. A pixel's map value is the sum of its three channels' attributions where that is positive, else 0:
 * attributions are made to be added up, and a map of relevance shows what speaks for the class. The result says by how much
 * the attributions miss the gain.
 *
 * Source: Sundararajan, Taly and Yan 2017 (https://arxiv.org/abs/1703.01365), equations 1 and 3. Deviations: the paper
 * starts from a black image, to which dark pixels are no change; it takes a number of steps that is set beforehand; the
 * Riemann sum takes the middle of each step, not its end, which lies nearer to the integral, and where steps are doubled it is
 * the trapezoid rule, which keeps all gradients that it has.
 * @throws UserError for a number of steps or a brightness out of range, and on the wasm backend
 */
export async function integratedGradients(
  question: Question,
  options: IntegratedGradientsOptions,
): Promise<MethodMap> {
  const { attributions, convergence } = await attributeAlongPath(question, options);
  const { inputSize } = question.network;
  const map = perPixel(attributions, (red, green, blue) => Math.max(0, red + green + blue));
  return { map, rows: inputSize, columns: inputSize, convergence };
}

/**
 * The attributions with their signs, `[inputSize, inputSize, 3]`:
 * (x − x′) (1/m) Σ_k ∂logit/∂x at x′ + (k − ½)/m (x − x′), k = 1 … m. Over an infinitely fine path they add up to
 * logit(x) − logit(x′).
 */
export async function attributeAlongPath(
  question: Question,
  { baseline = MIDDLE_GREY, steps }: IntegratedGradientsOptions,
): Promise<{ attributions: Float32Array; convergence: Convergence }> {
  if (steps !== undefined) requireWhole("The steps of integrated gradients", steps, 1, 10_000);
  const { pixels } = question;
  const start = await baselinePixels(question, baseline);
  const way = tf.sub(pixels, start);
  let asked = 0;
  /** The sum of the gradients at these shares of the way. */
  const sumAt = async (shares: readonly number[]) => {
    const before = asked;
    asked += shares.length;
    const onProgress = (done: number) =>
      question.onProgress?.(before + done, steps ?? Math.max(MOST_STEPS + 1, asked));
    return sumPixelGradients({ ...question, onProgress }, shares.length, (first, size) =>
      tf.add(start, tf.mul(way, tf.tensor4d(shares.slice(first, first + size), [size, 1, 1, 1]))),
    );
  };
  try {
    const distance = await way.data<"float32">();
    const gain = await gainOf(question, start);
    const attribute = (mean: Float32Array, runs: number) => {
      const attributions = mean.map((gradient, i) => gradient * distance[i]!);
      const sum = attributions.reduce((total, value) => total + value, 0);
      const gap = Math.abs(sum - gain) / Math.max(Math.abs(gain), 1);
      return { attributions, convergence: { runs, converged: gap <= TOLERATED_GAP, gap } };
    };
    if (steps !== undefined) {
      const sum = await sumAt(middles(steps));
      return attribute(
        sum.map((value) => value / steps),
        steps,
      );
    }
    const ends = await sumAt([0, 1]);
    const inner = await sumAt(Array.from({ length: FEWEST_STEPS - 1 }, (_, i) => (i + 1) / FEWEST_STEPS));
    for (let count = FEWEST_STEPS; ; count *= 2) {
      const found = attribute(
        inner.map((value, i) => (value + ends[i]! / 2) / count),
        count,
      );
      if (found.convergence.converged || count === MOST_STEPS) return found;
      const between = await sumAt(middles(count));
      for (let i = 0; i < inner.length; i++) inner[i]! += between[i]!;
    }
  } finally {
    tf.dispose([start, way]);
  }
}

/** The middle of each of `count` equal steps from 0 to 1. */
function middles(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (i + 0.5) / count);
}

/** What the target's logit gains from the baseline to the image. */
async function gainOf({ network, prediction, target }: Question, start: tf.Tensor4D): Promise<number> {
  const without = network.logitsOf(start);
  const [from, to] = await Promise.all([without.data<"float32">(), prediction.logits.data<"float32">()]);
  without.dispose();
  return to[target]! - from[target]!;
}
