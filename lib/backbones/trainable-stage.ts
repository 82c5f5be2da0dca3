import * as tf from "@tensorflow/tfjs";
import type { Architecture, Block } from "./architecture";
import type { TrainableStage } from "./backbone";
import { type ConvolutionWeights, runBlock } from "./convolution";
import { normParts } from "./expected-tensors";

/** One block and the weights of its convolutions, in order, the shortcut's last. */
export interface BlockWeights {
  block: Block;
  convolutions: ConvolutionWeights[];
}

interface TrainableConvolution {
  weights: ConvolutionWeights;
  kernel: tf.Variable<tf.Rank.R4>;
  gamma: tf.Variable<tf.Rank.R1>;
  beta: tf.Variable<tf.Rank.R1>;
  /** `1 / √(variance + ε)`: frozen. */
  inverseDeviation: tf.Tensor1D;
  /** `mean / √(variance + ε)`: frozen. */
  standardMean: tf.Tensor1D;
}

/**
 * Copies blocks into variables. At every run BatchNorm is folded into the kernel by tensor operations,
 * `kernel · gamma / √(variance + ε)` and `beta - mean · gamma / √(variance + ε)`: the same function and the
 * same gradients for kernel, gamma and beta as normalising the activations, at the cost of small tensors only.
 * @param trainable whether this backend can compute the gradients; if not, the variables say so of themselves
 */
export function makeTrainableStage(
  blocks: BlockWeights[],
  { epsilon, padding, layout }: Architecture,
  trainable: boolean,
): TrainableStage {
  const parts = normParts[layout];
  const stage = blocks.map(({ block, convolutions }) => ({
    block,
    convolutions: convolutions.map((weights) => makeTrainable(weights, epsilon, trainable)),
  }));
  const all = stage.flatMap(({ convolutions }) => convolutions);
  return {
    variables: all.flatMap(({ kernel, gamma, beta }) => [kernel, gamma, beta] as tf.Variable[]),
    variableNames: all.flatMap(({ weights: { convolution } }) => [
      convolution.kernel,
      convolution.norm + parts.gamma,
      convolution.norm + parts.beta,
    ]),
    norms: new Set(all.flatMap(({ gamma, beta }) => [gamma, beta] as tf.Variable[])),
    run: (x) =>
      tf.tidy(() =>
        stage.reduce((y, { block, convolutions }) => runBlock(y, block, convolutions.map(fold), padding), x),
      ),
    dispose: () => {
      for (const { kernel, gamma, beta, inverseDeviation, standardMean } of all)
        tf.dispose([kernel, gamma, beta, inverseDeviation, standardMean]);
    },
  };
}

function makeTrainable(
  weights: ConvolutionWeights,
  epsilon: number,
  trainable: boolean,
): TrainableConvolution {
  const inverse = weights.variance.map((variance) => 1 / Math.sqrt(variance + epsilon));
  const variable = <R extends tf.Rank>(values: tf.Tensor<R>) => {
    const made = tf.variable(values, trainable);
    values.dispose();
    return made;
  };
  return {
    weights,
    kernel: variable(tf.tensor4d(weights.kernel, weights.kernelShape)),
    gamma: variable(tf.tensor1d(weights.gamma)),
    beta: variable(tf.tensor1d(weights.beta)),
    inverseDeviation: tf.keep(tf.tensor1d(inverse)),
    standardMean: tf.keep(tf.tensor1d(weights.mean.map((mean, c) => mean * (inverse[c] as number)))),
  };
}

function fold({ weights, kernel, gamma, beta, inverseDeviation, standardMean }: TrainableConvolution) {
  const { convolution } = weights;
  const scale = tf.mul(gamma, inverseDeviation);
  const alongChannels = convolution.kind === "depthwise" ? tf.expandDims(scale, 1) : scale;
  return {
    convolution,
    kernel: tf.mul(kernel, alongChannels) as tf.Tensor4D,
    bias: tf.sub(beta, tf.mul(standardMean, gamma)) as tf.Tensor1D,
  };
}
