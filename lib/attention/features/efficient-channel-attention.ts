import * as tf from "@tensorflow/tfjs";
import { requireOdd, requireWhole } from "../arguments";
import type { FeatureLayerArgs } from "./feature-layer";
import { type GridCallOptions, GridLayer } from "./grid-layer";
import { channelMeans, cleanGrids, requireGrids, scaleChannels } from "./grids";

/**
 * How many neighbouring channels decide a channel's gate: the odd number nearest to (log₂ C + 1) / 2, the larger
 * of two that are equally near.
 *
 * Source: Wang et al. 2020 (https://arxiv.org/abs/1910.03151), equation 12 with the paper's γ = 2 and b = 1.
 *
 * @param channels C, a whole number of at least 1
 * @throws UserError for another number of channels
 */
export function channelKernelSize(channels: number): number {
  const size = (Math.log2(requireWhole("channelKernelSize", "channels", channels, 1)) + 1) / 2;
  return 2 * Math.floor(size / 2) + 1;
}

/**
 * Efficient channel attention: every channel is scaled by a gate that depends on the means of its neighbours,
 * ω = σ(conv1d(z)) with z_c the mean of channel c over the grid. Beyond the first and the last channel are zeros.
 *
 * Source: Wang et al., "ECA-Net: Efficient channel attention for deep convolutional neural networks", 2020
 * (https://arxiv.org/abs/1910.03151), equations 7 to 9.
 *
 * @param grids `[batch, …, channels]`, with any number of axes of positions: `[batch, positions, channels]`,
 *   `[batch, rows, columns, channels]`, …
 * @param kernel `[size]` with an odd size: what each neighbour counts, from the lowest channel to the highest
 * @param mask the grids' shape without the channels: 1 (or true, or all but zero) keeps a position, 0 takes it out,
 *   whatever stands there; all count by default. Masked features become 0.
 * @returns features of the grids' shape, and the gates ω as weights `[batch, channels]`, in 0 … 1
 * @throws UserError for tensors whose shapes don't fit together or that are not float32, or a kernel of an even size
 */
export function efficientChannelAttention<Grids extends tf.Tensor>(
  grids: Grids,
  kernel: tf.Tensor1D,
  mask?: tf.Tensor,
): { features: Grids; weights: tf.Tensor2D } {
  requireGrids("efficientChannelAttention", grids, mask, { kernel: [kernel, ["size"]] });
  const [batch, channels] = [grids.shape[0]!, grids.shape.at(-1)!];
  const size = requireOdd("efficientChannelAttention", "the size of the kernel", kernel.shape[0]);
  return tf.tidy(() => {
    const given = cleanGrids(grids, mask);
    const padded = channelMeans(given).pad([
      [0, 0],
      [(size - 1) / 2, (size - 1) / 2],
    ]);
    // The convolution as a product of matrices, whose gradient every backend has.
    const neighbours = Array.from({ length: size }, (_, i) => padded.slice([0, i], [batch, channels]));
    const weights = tf
      .stack(neighbours, -1)
      .reshape<tf.Tensor2D>([batch * channels, size])
      .matMul(kernel.reshape<tf.Tensor2D>([size, 1]))
      .reshape<tf.Tensor2D>([batch, channels])
      .sigmoid();
    return { features: scaleChannels(given.clean, weights), weights };
  });
}

/** What {@link EfficientChannelAttention} is made with. */
export interface EfficientChannelAttentionArgs<Returns extends boolean = boolean>
  extends FeatureLayerArgs<Returns> {
  /**
   * How many neighbouring channels decide a gate, an odd number; by default the one nearest to (log₂ channels + 1) / 2, as
   * in the paper (equation 12).
   */
  kernelSize?: number;
}

/**
 * Efficient channel attention as a layer: every channel is scaled by a gate that depends on the means of its neighbours,
 * ω = σ(conv1d(z)) with z_c the mean of channel c over the grid. Beyond the first and the last channel are zeros.
 *
 * `apply(grids [batch, …, channels], { mask })` → features of the same shape; with `returnWeights: true`
 * `[features, weights]`, where the weights `[batch, channels]` are the gates, in 0 … 1.
 *
 * The kernel starts at Glorot's uniform draw.
 *
 * Source: Wang et al., "ECA-Net: Efficient channel attention for deep convolutional neural networks", 2020
 * (https://arxiv.org/abs/1910.03151), equations 7 to 9.
 *
 * @throws UserError for a kernel size that is not odd, or a seed that is no whole number
 */
export class EfficientChannelAttention<Returns extends boolean = false> extends GridLayer<
  [weights: tf.Tensor2D],
  Returns
> {
  static className = "EfficientChannelAttention";
  private readonly kernelSize: number | undefined;

  constructor({ kernelSize, ...args }: EfficientChannelAttentionArgs<Returns>) {
    super(args);
    // A saved layer has null where nothing was given.
    this.kernelSize = kernelSize ?? undefined;
    if (this.kernelSize !== undefined) requireOdd("EfficientChannelAttention", "kernelSize", this.kernelSize);
  }

  protected addParametersFor(channels: number): void {
    this.addParameter("kernel", [this.kernelSize ?? channelKernelSize(channels)]);
  }

  /**
   * The layer's own kernel, `[size]`, not a copy.
   * @throws UserError before the layer is built
   */
  get kernel(): tf.Tensor1D {
    return this.builtWeights()[0] as tf.Tensor1D;
  }

  protected attend([grids]: readonly tf.Tensor[], { mask }: GridCallOptions): [tf.Tensor, tf.Tensor2D] {
    const { features, weights } = efficientChannelAttention(grids!, this.kernel, mask);
    return [features, weights];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), kernelSize: this.kernelSize ?? null };
  }
}

tf.serialization.registerClass(EfficientChannelAttention);
