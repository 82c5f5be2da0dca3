import * as tf from "@tensorflow/tfjs";
import type { PixelImage } from "../images/pixel-image";
import { stackImages } from "../images/stack-images";
import type { OnProgress } from "../runtime/progress";
import { UserError } from "../runtime/user-error";
import type { Convergence } from "./convergence";
import type { Decision, Network } from "./network";

/** Options that every method takes. */
export interface CommonOptions {
  /** The class whose logit is explained, 0 … classes − 1; the predicted class when left out. */
  target?: number;
  /** Called while a method that runs many images is at work. */
  onProgress?: OnProgress;
}

/** Relevance as a method found it, row-major `[rows, columns]`, ≥ 0, not scaled. */
export interface RelevanceMap {
  map: Float32Array;
  rows: number;
  columns: number;
}

/** A map, and of methods that sample or step, how far they had to go. */
export interface MethodMap extends RelevanceMap {
  convergence?: Convergence;
}

/** One image put to a network: what every method starts from. Its tensors belong to `explain`, which disposes them. */
export interface Question {
  network: Network;
  image: PixelImage;
  /** `[1, inputSize, inputSize, 3]`, 0 … 255 */
  pixels: tf.Tensor4D;
  /** What the network pools of it, `[1, rows, columns, channels]`. */
  features: tf.Tensor4D;
  /** What the network decides about it. */
  prediction: Decision;
  target: number;
  onProgress?: OnProgress;
}

/** Runs the network on one image. `closeQuestion` disposes what this makes; it leaves nothing when it throws. */
export function openQuestion(network: Network, image: PixelImage): Omit<Question, "target"> {
  const tensors = tf.tidy(() => {
    const pixels = stackImages([image], network.inputSize);
    const features = network.featuresOf(pixels);
    const prediction = network.decide(features);
    requireFits(network, features, prediction);
    return { pixels, features, prediction: { ...prediction } };
  });
  return { network, image, ...tensors };
}

/** @throws UserError where a network is of another size than it says: its maps would be of other places or classes */
function requireFits(
  { classes, rows, columns, leadingTokens = 0 }: Network,
  features: tf.Tensor4D,
  prediction: Decision,
): void {
  const { logits, weights } = prediction;
  const grid = leadingTokens > 0 ? [1, leadingTokens + rows * columns] : [rows, columns];
  const expected: [string, tf.Tensor, (number | "any")[]][] = [
    ["features", features, [1, ...grid, "any"]],
    ["logits", logits, [1, classes]],
    ["weights", weights, [1, "any", rows * columns]],
  ];
  for (const [name, tensor, sizes] of expected) {
    const { shape } = tensor;
    if (shape.length === sizes.length && sizes.every((size, axis) => size === "any" || size === shape[axis]))
      continue;
    throw new UserError(
      `The network's ${name} are [${shape.join(", ")}], and of one image they should be [${sizes.join(", ")}]: it says that ` +
        `it has ${classes} classes and a grid of ${rows} × ${columns} positions.`,
    );
  }
}

/** Disposes the tensors of a question. */
export function closeQuestion({ pixels, features, prediction }: Omit<Question, "target">): void {
  tf.dispose([pixels, features, { ...prediction }]);
}

/** A way of explaining. */
export type Method<Options extends CommonOptions> = (
  question: Question,
  options: Options,
) => Promise<MethodMap>;

/** For each of `batch` rows a one at the target: `[batch, classes]`. */
export function targetRows({ network, target }: Question, batch: number): tf.Tensor2D {
  return tf.tidy(
    () => tf.oneHot(tf.fill([batch], target, "int32"), network.classes).toFloat() as tf.Tensor2D,
  );
}

/**
 * The gradient of the target's logit at the features, `[1, rows, columns, channels]`: through pooling and classifier,
 * not through the backbone.
 * @param upstream what each logit counts in what is explained, `[1, classes]`; the target's alone when left out
 * @throws UserError for a network whose class token decides: what it sees of the grid is attention's to say
 */
export function featureGradient(question: Question, upstream?: tf.Tensor2D): tf.Tensor4D {
  const { network, features } = question;
  if (network.leadingTokens) {
    throw new UserError(
      "The class token of this network decides, so its features are not on a grid that a class activation map could show. " +
        'Take "attention rollout", "attention × gradient", "LeGrad", or a method that looks at pixels.',
    );
  }
  return tf.tidy(
    () =>
      tf.grad((x) => network.decide(x as tf.Tensor4D).logits)(
        features,
        upstream ?? targetRows(question, 1),
      ) as tf.Tensor4D,
  );
}
