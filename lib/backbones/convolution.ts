import * as tf from "@tensorflow/tfjs";
import type { StoredTensor } from "../weights/stored-tensor";
import type { Architecture, Block, Convolution } from "./architecture";
import { normParts } from "./expected-tensors";
import { numbersOf } from "./require-weights";

/** The numbers of one convolution and its BatchNorm; the kernel in TensorFlow's order of axes. */
export interface ConvolutionWeights {
  convolution: Convolution;
  /** `[height, width, in, out]`, or `[height, width, channels, 1]` for a depthwise one. */
  kernelShape: [number, number, number, number];
  kernel: Float32Array;
  gamma: Float32Array;
  beta: Float32Array;
  mean: Float32Array;
  variance: Float32Array;
}

/** Tensors that a convolution runs with once BatchNorm is folded into it. */
export interface FoldedConvolution {
  convolution: Convolution;
  kernel: tf.Tensor4D;
  bias: tf.Tensor1D;
}

/** Reads one convolution, turning PyTorch's kernel `[out, in, height, width]` into TensorFlow's order. */
export function readConvolution(
  weights: ReadonlyMap<string, StoredTensor>,
  convolution: Convolution,
  layout: Architecture["layout"],
): ConvolutionWeights {
  const { kind, size, input, output, norm } = convolution;
  const stored = numbersOf(weights, convolution.kernel);
  const parts = normParts[layout];
  // A depthwise kernel is [channels, 1, height, width] there and [height, width, channels, 1] here.
  const inner = kind === "depthwise" ? ([output, 1] as const) : ([input, output] as const);
  const read = kind === "depthwise" ? 1 : input;
  return {
    convolution,
    kernelShape: [size, size, ...inner],
    kernel: layout === "PyTorch" ? inTensorFlowOrder(stored, output, read, size * size) : stored,
    gamma: numbersOf(weights, norm + parts.gamma),
    beta: numbersOf(weights, norm + parts.beta),
    mean: numbersOf(weights, norm + parts.mean),
    variance: numbersOf(weights, norm + parts.variance),
  };
}

function inTensorFlowOrder(stored: Float32Array, out: number, input: number, area: number): Float32Array {
  const kernel = new Float32Array(stored.length);
  for (let o = 0; o < out; o++)
    for (let i = 0; i < input; i++)
      for (let a = 0; a < area; a++)
        kernel[(a * input + i) * out + o] = stored[(o * input + i) * area + a] as number;
  return kernel;
}

/**
 * Folds BatchNorm's inference form `gamma · (y - mean) / √(variance + ε) + beta` into the convolution before it:
 * the same function with one multiplication less. Computed in double precision.
 */
export function foldConvolution(weights: ConvolutionWeights, epsilon: number): FoldedConvolution {
  const channels = weights.gamma.length;
  const scale = Array.from(
    weights.gamma,
    (gamma, c) => gamma / Math.sqrt((weights.variance[c] as number) + epsilon),
  );
  const kernel = weights.kernel.map((value, i) => value * (scale[i % channels] as number));
  const bias = weights.beta.map((beta, c) => beta - (weights.mean[c] as number) * (scale[c] as number));
  return {
    convolution: weights.convolution,
    kernel: tf.keep(tf.tensor4d(kernel, weights.kernelShape)),
    bias: tf.keep(tf.tensor1d(bias)),
  };
}

/** Convolution with bias and activation. */
function runConvolution(
  x: tf.Tensor4D,
  { convolution, kernel, bias }: FoldedConvolution,
  padding: Architecture["padding"],
): tf.Tensor4D {
  const { kind, size, stride, activation } = convolution;
  const isPadded = padding === "symmetrical" && stride > 1 && size > 1;
  // Not the padding of the convolution itself, whose gradient the native backend does not have.
  const input = isPadded ? padded(x, (size - 1) / 2) : x;
  const pad = isPadded ? ("valid" as const) : ("same" as const);
  const options = { x: input, filter: kernel, strides: stride, pad, bias, activation };
  const y = kind === "depthwise" ? tf.fused.depthwiseConv2d(options) : tf.fused.conv2d(options);
  if (isPadded) input.dispose();
  return y;
}

function padded(x: tf.Tensor4D, by: number): tf.Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [by, by],
    [by, by],
    [0, 0],
  ]);
}

/** Runs a block; `folded` holds one entry for each of its convolutions, the shortcut's last. */
export function runBlock(
  x: tf.Tensor4D,
  block: Block,
  folded: readonly FoldedConvolution[],
  padding: Architecture["padding"],
): tf.Tensor4D {
  if ("maxPooling" in block) return runMaxPooling(x, block.maxPooling);
  const { convolutions, shortcut, residual, activation } = block;
  const y = inTurn(x, folded.slice(0, convolutions.length), (input, each) =>
    runConvolution(input, each, padding),
  );
  if (!residual) return y;
  const past = shortcut ? runConvolution(x, folded.at(-1)!, padding) : x;
  const sum = tf.add<tf.Tensor4D>(y, past);
  y.dispose();
  if (shortcut) past.dispose();
  if (!activation) return sum;
  const activated = tf.relu(sum);
  sum.dispose();
  return activated;
}

/** Zeros stand for the places beside the image: no number that comes in is smaller. */
function runMaxPooling(x: tf.Tensor4D, { size, stride }: { size: number; stride: number }): tf.Tensor4D {
  const input = padded(x, (size - 1) / 2);
  const y = tf.maxPool(input, size, stride, "valid");
  input.dispose();
  return y;
}

/**
 * Feeds what each step gives to the next. Whatever lies between is let go at once, not at the end of a `tf.tidy`
 * around them all: by then the activations of a whole network would lie in memory.
 */
export function inTurn<Step, Activations extends tf.Tensor = tf.Tensor4D>(
  x: Activations,
  steps: readonly Step[],
  run: (x: Activations, step: Step) => Activations,
): Activations {
  return steps.reduce((input, step) => {
    const output = run(input, step);
    if (input !== x) input.dispose();
    return output;
  }, x);
}
