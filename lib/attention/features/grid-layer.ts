import type * as tf from "@tensorflow/tfjs";
import { type NamedShapes, requireKnownSize } from "../shapes";
import { FeatureLayer, type Refined } from "./feature-layer";
import { gridAxes } from "./grids";

/** What a call of a layer on grids may be told beside them. */
export interface GridCallOptions {
  /**
   * The grids' shape without the channels, such as `[batch, positions]` or `[batch, rows, columns]`: 1 (or true, or all
   * but zero) keeps a position, 0 takes it out, whatever stands there; all count by default.
   */
  mask?: tf.Tensor;
}

/**
 * What layers that scale a grid of features have in common: one input, `[batch, …, channels]` with any number of axes
 * between, and parameters that follow from its channels. A masked position counts for nothing, and its features are 0.
 */
export abstract class GridLayer<Weights extends tf.Tensor[], Returns extends boolean> extends FeatureLayer<
  tf.Tensor,
  Weights,
  GridCallOptions,
  Returns
> {
  private channels: string | number = "channels";

  /** Adds what is learned, by `addParameter`, for grids of so many channels and axes of positions. */
  protected abstract addParametersFor(channels: number, rank: number): void;

  protected inputShapes([grids]: readonly tf.Shape[]): NamedShapes {
    return { grids: ["batch", ...gridAxes(grids ?? []), this.channels] };
  }

  protected override optionShapes([grids]: readonly tf.Shape[]): NamedShapes {
    return { mask: ["batch", ...gridAxes(grids ?? [])] };
  }

  /**
   * Scales the grids `[batch, …, channels]`, alone or in a list of one.
   * @throws UserError for grids or a mask that don't fit the layer or each other
   */
  override apply<Grids extends tf.Tensor>(
    grids: Grids | [Grids],
    options?: GridCallOptions,
  ): Refined<Grids, Weights, Returns>;
  /** Inside a model of TensorFlow.js: a symbolic input gives symbolic features, in a list with the weights where these are returned. */
  override apply(
    grids: tf.SymbolicTensor | [tf.SymbolicTensor],
  ): Returns extends true ? tf.SymbolicTensor[] : tf.SymbolicTensor;
  override apply<Grids extends tf.Tensor>(
    grids: Grids | Grids[] | tf.SymbolicTensor | tf.SymbolicTensor[],
    options?: GridCallOptions,
  ): Refined<Grids, Weights, Returns> | tf.SymbolicTensor | tf.SymbolicTensor[] {
    return super.apply(grids as tf.Tensor, options) as Refined<Grids, Weights, Returns>;
  }

  protected addParameters([grids]: readonly tf.Shape[]): void {
    const channels = requireKnownSize(this, "channels", grids!.at(-1));
    this.addParametersFor(channels, grids!.length - 2);
    this.channels = channels;
  }

  /** Shapes of the features and of a gate for each channel. */
  protected outputShapes([grids]: readonly tf.Shape[]): tf.Shape[] {
    return [grids!, [grids![0]!, grids!.at(-1)!]];
  }
}

/** How many hidden units find the gates of so many channels: `reduction` times fewer, and at least one. */
export function reducedChannels(channels: number, reduction: number): number {
  return Math.max(1, Math.floor(channels / reduction));
}
