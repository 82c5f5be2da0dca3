import type * as tf from "@tensorflow/tfjs";
import { type NamedShapes, requireKnownSize } from "../shapes";
import { FeatureLayer, type NoOptions } from "./feature-layer";

/** What layers that scale a grid of features have in common: one input, and parameters that follow from its channels. */
export abstract class GridLayer<Weights extends tf.Tensor[], Returns extends boolean> extends FeatureLayer<
  tf.Tensor4D,
  Weights,
  NoOptions,
  Returns
> {
  private channels: string | number = "channels";

  /** Adds what is learned, by `addParameter`, for grids of so many channels. */
  protected abstract addParametersFor(channels: number): void;

  protected inputShapes(): NamedShapes {
    return { grids: ["batch", "rows", "columns", this.channels] };
  }

  protected addParameters([grids]: readonly tf.Shape[]): void {
    const channels = requireKnownSize(this, "channels", grids![3]);
    this.addParametersFor(channels);
    this.channels = channels;
  }

  /** Shapes of the features and of a gate for each channel. */
  protected outputShapes([grids]: readonly tf.Shape[]): tf.Shape[] {
    return [grids!, [grids![0]!, grids![3]!]];
  }
}

/** Every channel of a grid `[batch, rows, columns, channels]` times its gate `[batch, channels]`. */
export function scaleChannels(grids: tf.Tensor4D, gates: tf.Tensor2D): tf.Tensor4D {
  const [batch, channels] = gates.shape;
  return grids.mul(gates.reshape([batch, 1, 1, channels]));
}

/** How many hidden units find the gates of so many channels: `reduction` times fewer, and at least one. */
export function reducedChannels(channels: number, reduction: number): number {
  return Math.max(1, Math.floor(channels / reduction));
}
