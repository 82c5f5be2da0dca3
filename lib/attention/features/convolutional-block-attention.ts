import * as tf from "@tensorflow/tfjs";
import { requireOdd, requireWhole } from "../arguments";
import type { FeatureLayerArgs } from "./feature-layer";
import { GridLayer, reducedChannels, scaleChannels } from "./grid-layer";
import { sharedMaximum } from "./shared-maximum";

/** What convolutional block attention learns. */
export interface ConvolutionalBlockAttentionParameters {
  /** W_0, `[channels, units]`. */
  squeezeKernel: tf.Tensor2D;
  /** W_1, `[units, channels]`. */
  exciteKernel: tf.Tensor2D;
  /** `[size, size, 2, 1]`: the mean's kernel, then the maximum's. */
  spatialKernel: tf.Tensor4D;
}

/** Features, and how much each channel and then each position of them counts. */
export interface ConvolutionalBlockAttended {
  /** `[batch, rows, columns, channels]`. */
  features: tf.Tensor4D;
  /** `[batch, channels]`, in 0 … 1. */
  channelWeights: tf.Tensor2D;
  /** `[batch, rows, columns]`, in 0 … 1. */
  spatialWeights: tf.Tensor3D;
}

/**
 * The convolutional block attention module (CBAM): first every channel is scaled by a gate, then every position.
 *
 * - channel gates: M_c = σ(W_1 relu(W_0 a) + W_1 relu(W_0 m)), with a and m the mean and the maximum of each
 *   channel over the grid;
 * - spatial gates: M_s = σ(conv([A; M])), with A and M the mean and the maximum of each position over the
 *   channels that the first gates have scaled. Beyond the edge of the grid are zeros.
 *
 * Source: Woo, Park, Lee and Kweon, "CBAM: Convolutional block attention module", 2018
 * (https://arxiv.org/abs/1807.06521), equations 1 to 3. As in these there are no biases, and no BatchNorm after
 * the convolution, which the authors' code has.
 *
 * @param grids `[batch, rows, columns, channels]`
 */
export function convolutionalBlockAttention(
  grids: tf.Tensor4D,
  { squeezeKernel, exciteKernel, spatialKernel }: ConvolutionalBlockAttentionParameters,
): ConvolutionalBlockAttended {
  const [batch, rows, columns, channels] = grids.shape;
  return tf.tidy(() => {
    const excite = (squeezed: tf.Tensor) =>
      squeezed.reshape<tf.Tensor2D>([batch, channels]).matMul(squeezeKernel).relu().matMul(exciteKernel);
    const channelWeights = excite(grids.mean([1, 2]))
      .add<tf.Tensor2D>(excite(sharedMaximum(grids, [1, 2])))
      .sigmoid();
    const scaled = scaleChannels(grids, channelWeights);
    const described = tf.concat4d([scaled.mean<tf.Tensor4D>(3, true), sharedMaximum(scaled, [3])], 3);
    const gates = tf.conv2d<tf.Tensor4D>(described, spatialKernel, 1, "same").sigmoid();
    return {
      features: scaled.mul<tf.Tensor4D>(gates),
      channelWeights,
      spatialWeights: gates.reshape<tf.Tensor3D>([batch, rows, columns]),
    };
  });
}

export interface ConvolutionalBlockAttentionArgs<Returns extends boolean = boolean>
  extends FeatureLayerArgs<Returns> {
  /** How many times narrower than the channels the hidden layer is (it keeps at least one unit); 16 by default. */
  reduction?: number;
  /** Width of the square kernel that finds the spatial gates, an odd number of positions; 7 by default. */
  kernelSize?: number;
}

/**
 * Convolutional block attention (CBAM) as a layer: see `convolutionalBlockAttention`.
 *
 * `apply(grids [batch, rows, columns, channels])` → features of the same shape; with `returnWeights: true`
 * `[features, channelWeights, spatialWeights]`, which are the gates `[batch, channels]` and
 * `[batch, rows, columns]`, in 0 … 1.
 *
 * All kernels start at Glorot's uniform draws. It can't be trained on the wasm backend, which lacks the gradient of
 * a convolution's kernel.
 *
 * @throws UserError for a reduction or a seed that is no whole number, or a kernel size that is not odd
 */
export class ConvolutionalBlockAttention<Returns extends boolean = false> extends GridLayer<
  [channelWeights: tf.Tensor2D, spatialWeights: tf.Tensor3D],
  Returns
> {
  static className = "ConvolutionalBlockAttention";
  private readonly reduction: number;
  private readonly kernelSize: number;

  constructor({ reduction, kernelSize, ...args }: ConvolutionalBlockAttentionArgs<Returns>) {
    super(args);
    this.reduction = requireWhole("ConvolutionalBlockAttention", "reduction", reduction ?? 16, 1);
    this.kernelSize = requireOdd("ConvolutionalBlockAttention", "kernelSize", kernelSize ?? 7);
  }

  protected addParametersFor(channels: number): void {
    const units = reducedChannels(channels, this.reduction);
    this.addParameter("squeeze_kernel", [channels, units]);
    this.addParameter("excite_kernel", [units, channels]);
    this.addParameter("spatial_kernel", [this.kernelSize, this.kernelSize, 2, 1]);
  }

  /**
   * The layer's own variables, not copies.
   * @throws UserError before the layer is built
   */
  get parameters(): ConvolutionalBlockAttentionParameters {
    const [squeezeKernel, exciteKernel, spatialKernel] = this.builtWeights();
    return {
      squeezeKernel: squeezeKernel as tf.Tensor2D,
      exciteKernel: exciteKernel as tf.Tensor2D,
      spatialKernel: spatialKernel as tf.Tensor4D,
    };
  }

  protected attend([grids]: readonly tf.Tensor[]): [tf.Tensor4D, tf.Tensor2D, tf.Tensor3D] {
    const attended = convolutionalBlockAttention(grids as tf.Tensor4D, this.parameters);
    return [attended.features, attended.channelWeights, attended.spatialWeights];
  }

  protected override outputShapes([grids]: readonly tf.Shape[]): tf.Shape[] {
    const [batch, rows, columns, channels] = grids as number[];
    return [grids!, [batch!, channels!], [batch!, rows!, columns!]];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { reduction, kernelSize } = this;
    return { ...super.getConfig(), reduction, kernelSize };
  }
}

tf.serialization.registerClass(ConvolutionalBlockAttention);
