import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../runtime/user-error";
import { requireOdd, requireWhole } from "../arguments";
import { keepOnly } from "../mask";
import type { NamedShapes } from "../shapes";
import type { FeatureLayerArgs, Refined } from "./feature-layer";
import { type GridCallOptions, GridLayer, reducedChannels } from "./grid-layer";
import {
  channelMaxima,
  channelMeans,
  cleanGrids,
  type PositionsOf,
  requireGrids,
  scaleChannels,
} from "./grids";
import { sharedMaximum } from "./shared-maximum";

/** What convolutional block attention learns. */
export interface ConvolutionalBlockAttentionParameters {
  /** W_0, `[channels, units]`. */
  squeezeKernel: tf.Tensor2D;
  /** W_1, `[units, channels]`. */
  exciteKernel: tf.Tensor2D;
  /** As many sizes as the grid has axes, then 2, the mean's kernel and the maximum's, then 1: `[size, size, 2, 1]`. */
  spatialKernel: tf.Tensor;
}

/** Features, and how much each channel and then each position of them counts. */
export interface ConvolutionalBlockAttended<Grids extends tf.Tensor = tf.Tensor4D> {
  /** Of the shape of the grids. */
  features: Grids;
  /** `[batch, channels]`, in 0 … 1. */
  channelWeights: tf.Tensor2D;
  /** The shape of the grids without the channels, such as `[batch, rows, columns]`; in 0 … 1, and 0 where masked. */
  spatialWeights: PositionsOf<Grids>;
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
 * @param grids `[batch, …, channels]` with one to three axes of positions: `[batch, positions, channels]`,
 *   `[batch, rows, columns, channels]`, `[batch, depth, rows, columns, channels]`
 * @param mask the grids' shape without the channels: 1 (or true, or all but zero) keeps a position, 0 takes it out,
 *   whatever stands there; all count by default. A masked position is like one beyond the edge: 0, for its neighbours'
 *   gates and in the features.
 * @throws UserError for tensors whose shapes don't fit together or that are not float32, or grids of more axes
 */
export function convolutionalBlockAttention<Grids extends tf.Tensor>(
  grids: Grids,
  { squeezeKernel, exciteKernel, spatialKernel }: ConvolutionalBlockAttentionParameters,
  mask?: tf.Tensor,
): ConvolutionalBlockAttended<Grids> {
  const rank = requireConvolution("convolutionalBlockAttention", (grids?.shape?.length ?? 0) - 2);
  requireGrids("convolutionalBlockAttention", grids, mask, {
    squeezeKernel: [squeezeKernel, ["channels", "units"]],
    exciteKernel: [exciteKernel, ["units", "channels"]],
    spatialKernel: [spatialKernel, [...kernelAxes.slice(0, rank), 2, 1]],
  });
  return tf.tidy(() => {
    const given = cleanGrids(grids, mask);
    const excite = (squeezed: tf.Tensor2D) => squeezed.matMul(squeezeKernel).relu().matMul(exciteKernel);
    const channelWeights = excite(channelMeans(given))
      .add<tf.Tensor2D>(excite(channelMaxima(given)))
      .sigmoid();
    const scaled = scaleChannels(given.clean, channelWeights);
    const last = grids.rank - 1;
    const described = tf.concat([scaled.mean(last, true), sharedMaximum<tf.Tensor>(scaled, [last])], last);
    const allGates = convolve(described, spatialKernel).sigmoid();
    const gates = given.kept ? keepOnly(allGates, given.kept) : allGates;
    return {
      features: scaled.mul(gates),
      channelWeights,
      spatialWeights: gates.reshape(grids.shape.slice(0, -1)),
    };
  }) as ConvolutionalBlockAttended<Grids>;
}

const kernelAxes = ["kernel size 1", "kernel size 2", "kernel size 3"];

/** The rank, one to three. @throws UserError for another: there is no convolution over it. */
function requireConvolution(where: string, rank: number): number {
  if (rank <= kernelAxes.length) return rank;
  throw new UserError(
    `${where} takes grids with one to three axes between batch and channels, not ${rank}: ` +
      "TensorFlow.js has no convolution over more.",
  );
}

/** A convolution over all axes of positions, with zeros beyond the edge. */
function convolve(grids: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  if (grids.rank === 3) return tf.conv1d(grids as tf.Tensor3D, kernel as tf.Tensor3D, 1, "same");
  if (grids.rank === 4) return tf.conv2d(grids as tf.Tensor4D, kernel as tf.Tensor4D, 1, "same");
  return tf.conv3d(grids as tf.Tensor5D, kernel as tf.Tensor5D, 1, "same");
}

/** What {@link ConvolutionalBlockAttention} is made with. */
export interface ConvolutionalBlockAttentionArgs<Returns extends boolean = boolean>
  extends FeatureLayerArgs<Returns> {
  /** How many times narrower than the channels the hidden layer is (it keeps at least one unit); 16 by default. */
  reduction?: number;
  /** Width of the kernel that finds the spatial gates, equal along all axes, an odd number of positions; 7 by default. */
  kernelSize?: number;
}

/**
 * Convolutional block attention (CBAM) as a layer: first every channel is scaled by a gate, then every position.
 *
 * - channel gates: M_c = σ(W_1 relu(W_0 a) + W_1 relu(W_0 m)), with a and m the mean and the maximum of each channel over
 *   the grid;
 * - spatial gates: M_s = σ(conv([A; M])), with A and M the mean and the maximum of each position over the channels that
 *   the first gates have scaled. Beyond the edge of the grid are zeros.
 *
 * `apply(grids, { mask })` → features of the same shape; with `returnWeights: true`
 * `[features, channelWeights, spatialWeights]`, which are the gates of the channels `[batch, channels]` and of the
 * positions (the grids' shape without the channels), in 0 … 1. A layer serves grids of the rank that it was built
 * for: series `[batch, positions, channels]`, images `[batch, rows, columns, channels]`, or volumes.
 *
 * Source: Woo, Park, Lee and Kweon, "CBAM: Convolutional block attention module", 2018
 * (https://arxiv.org/abs/1807.06521), equations 1 to 3. As in these there are no biases.
 *
 * All kernels start at Glorot's uniform draws. It can't be trained on the wasm backend, which lacks the gradient of
 * a convolution's kernel.
 *
 * @throws UserError for a reduction or a seed that is no whole number, or a kernel size that is not odd, and by the
 *   build for grids of more than three axes
 */
export class ConvolutionalBlockAttention<Returns extends boolean = false> extends GridLayer<
  [channelWeights: tf.Tensor2D, spatialWeights: tf.Tensor],
  Returns
> {
  static className = "ConvolutionalBlockAttention";
  private readonly reduction: number;
  private readonly kernelSize: number;
  private gridRank: number | undefined;

  constructor({ reduction, kernelSize, ...args }: ConvolutionalBlockAttentionArgs<Returns>) {
    super(args);
    this.reduction = requireWhole("ConvolutionalBlockAttention", "reduction", reduction ?? 16, 1);
    this.kernelSize = requireOdd("ConvolutionalBlockAttention", "kernelSize", kernelSize ?? 7);
  }

  protected addParametersFor(channels: number, rank: number): void {
    requireConvolution(this.title, rank);
    const units = reducedChannels(channels, this.reduction);
    this.addParameter("squeeze_kernel", [channels, units]);
    this.addParameter("excite_kernel", [units, channels]);
    this.addParameter("spatial_kernel", [...Array<number>(rank).fill(this.kernelSize), 2, 1]);
    this.gridRank = rank;
  }

  /** Its kernel is for grids of one rank. */
  protected override inputShapes(given: readonly tf.Shape[]): NamedShapes {
    return super.inputShapes(this.gridRank ? [Array<null>(this.gridRank + 2).fill(null)] : given);
  }

  /**
   * Scales the grids `[batch, …, channels]`, alone or in a list of one.
   * @throws UserError for grids or a mask that don't fit the layer or each other
   */
  override apply<Grids extends tf.Tensor>(
    grids: Grids | [Grids],
    options?: GridCallOptions,
  ): Refined<Grids, [channelWeights: tf.Tensor2D, spatialWeights: PositionsOf<Grids>], Returns>;
  /** Inside a model of TensorFlow.js: a symbolic input gives symbolic features, in a list with the weights where these are returned. */
  override apply(
    grids: tf.SymbolicTensor | [tf.SymbolicTensor],
  ): Returns extends true ? tf.SymbolicTensor[] : tf.SymbolicTensor;
  override apply(
    grids: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[],
    options?: GridCallOptions,
  ) {
    return super.apply(grids as tf.Tensor, options) as never;
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
      spatialKernel: spatialKernel!,
    };
  }

  protected attend(
    [grids]: readonly tf.Tensor[],
    { mask }: GridCallOptions,
  ): [tf.Tensor, tf.Tensor2D, tf.Tensor] {
    const attended = convolutionalBlockAttention(grids!, this.parameters, mask);
    return [attended.features, attended.channelWeights, attended.spatialWeights];
  }

  protected override outputShapes([grids]: readonly tf.Shape[]): tf.Shape[] {
    return [grids!, [grids![0]!, grids!.at(-1)!], grids!.slice(0, -1)];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { reduction, kernelSize } = this;
    return { ...super.getConfig(), reduction, kernelSize };
  }
}

tf.serialization.registerClass(ConvolutionalBlockAttention);
