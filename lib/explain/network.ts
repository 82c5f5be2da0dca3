import * as tf from "@tensorflow/tfjs";
import { compile } from "../graph/compile";
import { requireWhole } from "../runtime/checks";
import { UserError } from "../runtime/user-error";

/** What a network decides about a batch of images, and by which weights. */
export interface Decision {
  /** What the pooling made of each image's positions, `[batch, size]`. */
  context: tf.Tensor2D;
  /** Scores of the classes, `[batch, classes]`. */
  logits: tf.Tensor2D;
  /** How much each position counted, `[batch, heads, positions]`; every row sums to one. */
  weights: tf.Tensor3D;
  /** Of a network with self-attention: how much each position took from each, `[batch, heads, positions, positions]`, layer by layer. */
  selfAttention?: tf.Tensor4D[];
}

/**
 * Zeros that a network with self-attention adds to its weights: the gradient of a logit with respect to them is its
 * gradient with respect to the weights.
 */
export interface DecisionProbes {
  /** One for each layer, `[batch, heads, positions, positions]`. */
  selfAttention: readonly tf.Tensor4D[];
  /** For the pooling, `[batch, 1, positions]`. */
  weights: tf.Tensor3D;
}

/** What explaining needs to know of an image classifier: any backbone with any head can say this of itself. */
export interface NetworkParts {
  /** Side of the square input, in pixels. */
  readonly inputSize: number;
  /** How many logits there are. */
  readonly classes: number;
  /** Grid of positions that the pooling attends to. */
  readonly rows: number;
  readonly columns: number;
  /**
   * Tokens that stand before those of the grid and have no place in the image, of a network whose class token decides: the
   * class token itself is the first, registers may follow. Features are then all tokens in one row,
   * `[batch, 1, leadingTokens + rows · columns, channels]`, and self-attention is between all of them.
   */
  readonly leadingTokens?: number;
  /**
   * Whether the pooling gives each class weights of its own, so that head k of the weights belongs to class k.
   * Without it heads have no class.
   */
  readonly headsAreClasses?: boolean;
  /**
   * Pixels `[batch, inputSize, inputSize, 3]` in 0 … 255 → the features that are pooled,
   * `[batch, rows, columns, channels]`. Differentiable.
   */
  features(pixels: tf.Tensor4D): tf.Tensor4D;
  /**
   * Those features → context, logits and weights. Differentiable. A network with self-attention adds the probes to its
   * weights; others are never given any.
   */
  decide(features: tf.Tensor4D, probes?: DecisionProbes): Decision;
}

/**
 * An image classifier that can be asked for more than its answer.
 *
 * `features` and `decide` are ordinary TensorFlow.js code. The other functions are the same code compiled: each
 * becomes one graph when it is first called, serves every batch size, and is kept until `dispose`.
 */
export interface Network extends NetworkParts {
  /** `features`, compiled. */
  featuresOf(pixels: tf.Tensor4D): tf.Tensor4D;
  /** Pixels → logits `[batch, classes]`, compiled. */
  logitsOf(pixels: tf.Tensor4D): tf.Tensor2D;
  /**
   * The gradient at the pixels, `[batch, inputSize, inputSize, 3]`, of the logits weighted by `upstream`
   * `[batch, classes]` and added up, compiled. With a one in each row it is the gradient of that class's logit.
   * @throws UserError on the wasm backend, which lacks the gradients of convolutions
   */
  pixelGradientOf(pixels: tf.Tensor4D, upstream: tf.Tensor2D): tf.Tensor4D;
  /** Frees the compiled graphs, not the backbone or the model; a later call compiles anew. */
  dispose(): void;
}

/**
 * Makes a network that can be explained out of its description.
 * @throws UserError for a size that is none
 * @example
 * const network = makeNetwork({ inputSize: 224, classes: 8, rows: 7, columns: 7, features, decide });
 * const { map } = await explain(network, image, { method: "Grad-CAM" });
 * network.dispose();
 */
export function makeNetwork(parts: NetworkParts): Network {
  const { inputSize, classes } = parts;
  for (const size of ["inputSize", "classes", "rows", "columns"] as const)
    requireWhole(`The \`${size}\` of a network`, parts[size], 1);
  const pixels = [null, inputSize, inputSize, 3] as const;
  const logits = (x: tf.Tensor4D) => parts.decide(parts.features(x)).logits;

  const features = compile((inputs) => parts.features(inputs.pixels), { inputs: { pixels } });
  const forward = compile((inputs) => logits(inputs.pixels), { inputs: { pixels } });
  const gradient = compile(
    (inputs) => tf.grad((x) => logits(x as tf.Tensor4D))(inputs.pixels, inputs.upstream),
    { inputs: { pixels, upstream: [null, classes] } },
  );

  // A step compiles after two calls. They are made with empty pictures, so that every real one runs the same graph
  // and an image's digits don't depend on what was explained before it.
  const empty = () => tf.zeros<tf.Rank.R4>([2, inputSize, inputSize, 3]);
  const prepare = (step: { readonly graphs: number }, call: () => tf.Tensor) => {
    if (tf.getBackend() === "tensorflow" && step.graphs === 0) tf.tidy(() => void [call(), call()]);
  };

  return {
    ...parts,
    features: (x) => parts.features(x),
    decide: (x, probes) => parts.decide(x, probes),
    featuresOf(x) {
      prepare(features, () => features({ pixels: empty() }));
      return features({ pixels: x }) as tf.Tensor4D;
    },
    logitsOf(x) {
      prepare(forward, () => forward({ pixels: empty() }));
      return forward({ pixels: x }) as tf.Tensor2D;
    },
    pixelGradientOf(x, upstream) {
      refuseWasm();
      prepare(gradient, () => gradient({ pixels: empty(), upstream: tf.zeros([2, classes]) }));
      return gradient({ pixels: x, upstream }) as tf.Tensor4D;
    },
    dispose() {
      for (const step of [features, forward, gradient]) step.dispose();
    },
  };
}

function refuseWasm(): void {
  if (tf.getBackend() !== "wasm") return;
  throw new UserError(
    "The wasm backend can't compute the gradient of a convolution, so this method can't explain pixels on it. " +
      'Take "Grad-CAM", "attention", "occlusion" or "RISE", or the native backend.',
  );
}
