import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import type { FeatureLayerArgs } from "./feature-layer";
import { type GridCallOptions, GridLayer, reducedChannels } from "./grid-layer";
import { channelMeans, cleanGrids, requireGrids, scaleChannels } from "./grids";

/** What squeeze-and-excitation learns. */
export interface SqueezeExcitationParameters {
  /** W_1, `[channels, units]`. */
  squeezeKernel: tf.Tensor2D;
  /** `[units]`. */
  squeezeBias: tf.Tensor1D;
  /** W_2, `[units, channels]`. */
  exciteKernel: tf.Tensor2D;
  /** `[channels]`. */
  exciteBias: tf.Tensor1D;
}

/**
 * Squeeze-and-excitation: every channel is scaled by a gate that depends on the means of all channels,
 * s = σ(W_2 relu(W_1 z)) with z_c the mean of channel c over the grid.
 *
 * Source: Hu, Shen and Sun, "Squeeze-and-excitation networks", 2018 (https://arxiv.org/abs/1709.01507),
 * equations 2 to 4. Deviation: both layers have a bias, as in the authors' released networks; their equation 3
 * leaves it out.
 *
 * @param grids `[batch, …, channels]`, with any number of axes of positions: `[batch, positions, channels]`,
 *   `[batch, rows, columns, channels]`, …
 * @param mask the grids' shape without the channels: 1 (or true, or all but zero) keeps a position, 0 takes it out,
 *   whatever stands there; all count by default. Masked features become 0.
 * @returns features of the grids' shape, and the gates s as weights `[batch, channels]`, in 0 … 1
 * @throws UserError for tensors whose shapes don't fit together, or that are not float32
 */
export function squeezeExcitation<Grids extends tf.Tensor>(
  grids: Grids,
  parameters: SqueezeExcitationParameters,
  mask?: tf.Tensor,
): { features: Grids; weights: tf.Tensor2D } {
  const { squeezeKernel, squeezeBias, exciteKernel, exciteBias } = parameters;
  requireGrids("squeezeExcitation", grids, mask, {
    squeezeKernel: [squeezeKernel, ["channels", "units"]],
    squeezeBias: [squeezeBias, ["units"]],
    exciteKernel: [exciteKernel, ["units", "channels"]],
    exciteBias: [exciteBias, ["channels"]],
  });
  return tf.tidy(() => {
    const given = cleanGrids(grids, mask);
    const hidden = channelMeans(given).matMul(squeezeKernel).add<tf.Tensor2D>(squeezeBias).relu();
    const weights = hidden.matMul(exciteKernel).add<tf.Tensor2D>(exciteBias).sigmoid();
    return { features: scaleChannels(given.clean, weights), weights };
  });
}

/** What {@link SqueezeExcitation} is made with. */
export interface SqueezeExcitationArgs<Returns extends boolean = boolean> extends FeatureLayerArgs<Returns> {
  /** How many times narrower than the channels the hidden layer is (it keeps at least one unit); 16 by default. */
  reduction?: number;
}

/**
 * Squeeze-and-excitation as a layer: every channel is scaled by a gate that depends on the means of all channels,
 * s = σ(W_2 relu(W_1 z)) with z_c the mean of channel c over the grid; both maps have a bias.
 *
 * `apply(grids [batch, …, channels], { mask })` → features of the same shape; with `returnWeights: true`
 * `[features, weights]`, where the weights `[batch, channels]` are the gates, in 0 … 1.
 *
 * Kernels start at Glorot's uniform draws and biases at zero, so that a new layer's gates are near ½.
 *
 * Source: Hu, Shen and Sun, "Squeeze-and-excitation networks", 2018 (https://arxiv.org/abs/1709.01507), equations 2 to 4.
 * Deviation: the biases, which the authors' released networks have and their equation 3 leaves out.
 *
 * @throws UserError for a reduction or a seed that is no whole number
 */
export class SqueezeExcitation<Returns extends boolean = false> extends GridLayer<
  [weights: tf.Tensor2D],
  Returns
> {
  static className = "SqueezeExcitation";
  private readonly reduction: number;

  constructor({ reduction, ...args }: SqueezeExcitationArgs<Returns>) {
    super(args);
    this.reduction = requireWhole("SqueezeExcitation", "reduction", reduction ?? 16, 1);
  }

  protected addParametersFor(channels: number): void {
    const units = reducedChannels(channels, this.reduction);
    this.addParameter("squeeze_kernel", [channels, units]);
    this.addParameter("squeeze_bias", [units], "zeros");
    this.addParameter("excite_kernel", [units, channels]);
    this.addParameter("excite_bias", [channels], "zeros");
  }

  /**
   * The layer's own variables, not copies.
   * @throws UserError before the layer is built
   */
  get parameters(): SqueezeExcitationParameters {
    const [squeezeKernel, squeezeBias, exciteKernel, exciteBias] = this.builtWeights();
    return {
      squeezeKernel: squeezeKernel as tf.Tensor2D,
      squeezeBias: squeezeBias as tf.Tensor1D,
      exciteKernel: exciteKernel as tf.Tensor2D,
      exciteBias: exciteBias as tf.Tensor1D,
    };
  }

  protected attend([grids]: readonly tf.Tensor[], { mask }: GridCallOptions): [tf.Tensor, tf.Tensor2D] {
    const { features, weights } = squeezeExcitation(grids!, this.parameters, mask);
    return [features, weights];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), reduction: this.reduction };
  }
}

tf.serialization.registerClass(SqueezeExcitation);
