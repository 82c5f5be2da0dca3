import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import { floatNumbers, type StoredTensor } from "../weights/stored-tensor";
import type { Block, Convolution } from "./architecture";

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

/**
 * Finds a tensor in a file of weights; float64 is rounded to float32.
 * @throws UserError when it is missing, of whole numbers or of another rank.
 */
export function findTensor(
  weights: ReadonlyMap<string, StoredTensor>,
  name: string,
  rank: number,
): { shape: number[]; data: Float32Array } {
  const tensor = weights.get(name);
  const data = tensor && floatNumbers(tensor);
  if (!data || tensor.shape.length !== rank) {
    const found = tensor ? `${tensor.dtype} [${tensor.shape.join(", ")}]` : "missing";
    throw new UserError(
      `The weights belong to another network: ${name} should be floating-point with ${rank} axes and is ${found}. Pass the file of this backbone.`,
    );
  }
  return { shape: tensor.shape, data };
}

/** Reads one convolution, turning PyTorch's kernel `[out, in, height, width]` into TensorFlow's order. */
export function readConvolution(
  weights: ReadonlyMap<string, StoredTensor>,
  convolution: Convolution,
): ConvolutionWeights {
  const { shape, data } = findTensor(weights, convolution.kernel, 4);
  const [out, input, height, width] = shape as [number, number, number, number];
  const area = height * width;
  // A depthwise kernel is [channels, 1, height, width] there and [height, width, channels, 1] here.
  const inner = convolution.kind === "depthwise" ? [out, input] : [input, out];
  const kernel = new Float32Array(data.length);
  for (let o = 0; o < out; o++)
    for (let i = 0; i < input; i++)
      for (let a = 0; a < area; a++)
        kernel[(a * input + i) * out + o] = data[(o * input + i) * area + a] as number;
  const statistic = (name: string) => findTensor(weights, `${convolution.norm}.${name}`, 1).data;
  return {
    convolution,
    kernelShape: [height, width, inner[0] as number, inner[1] as number],
    kernel,
    gamma: statistic("weight"),
    beta: statistic("bias"),
    mean: statistic("running_mean"),
    variance: statistic("running_var"),
  };
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

/** Convolution with TensorFlow's padding "same", bias and activation. */
function runConvolution(x: tf.Tensor4D, { convolution, kernel, bias }: FoldedConvolution): tf.Tensor4D {
  const options = {
    x,
    filter: kernel,
    strides: convolution.stride,
    pad: "same" as const,
    bias,
    activation: convolution.activation,
  };
  return convolution.kind === "depthwise" ? tf.fused.depthwiseConv2d(options) : tf.fused.conv2d(options);
}

/** Runs a block; `folded` holds one entry for each of its convolutions. */
export function runBlock(x: tf.Tensor4D, block: Block, folded: FoldedConvolution[]): tf.Tensor4D {
  const y = inTurn(x, folded, runConvolution);
  if (!block.residual) return y;
  const sum = tf.add<tf.Tensor4D>(y, x);
  y.dispose();
  return sum;
}

/**
 * Feeds what each step gives to the next. Whatever lies between is let go at once, not at the end of a `tf.tidy`
 * around them all: by then the activations of a whole network would lie in memory.
 */
export function inTurn<Step>(
  x: tf.Tensor4D,
  steps: readonly Step[],
  run: (x: tf.Tensor4D, step: Step) => tf.Tensor4D,
): tf.Tensor4D {
  return steps.reduce((input, step) => {
    const output = run(input, step);
    if (input !== x) input.dispose();
    return output;
  }, x);
}
