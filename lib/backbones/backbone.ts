import type * as tf from "@tensorflow/tfjs";

/** A place between two stages where a backbone can be cut: its activations are `[batch, rows, columns, channels]`. */
export interface CutPoint {
  name: string;
  /** Pixels of the input image between neighbouring positions. */
  stride: number;
  rows: number;
  columns: number;
  channels: number;
}

/** A part of a backbone with parameters of its own, which an optimiser may change. */
export interface TrainableStage {
  /** Convolution kernels, and the gamma and beta of each BatchNorm. */
  readonly variables: tf.Variable[];
  /** The name that the weights file gives to each of `variables`, in the same order. */
  readonly variableNames: readonly string[];
  /** Maps activations `[batch, rows, columns, channels]` of the stage's first cut point to those of its last. */
  run(x: tf.Tensor4D): tf.Tensor4D;
  dispose(): void;
}

/**
 * A pretrained network for images, which runs up to any cut point and goes on from any.
 *
 * What `run` computes with is frozen: nothing changes it, and BatchNorm uses the statistics of the source data.
 */
export interface Backbone {
  readonly name: string;
  /** Side of the square input, in pixels. */
  readonly inputSize: number;
  /** From the input to the last activations before pooling. */
  readonly cutPoints: readonly CutPoint[];
  /** Changes whenever the weights or the computation change: SHA-256 of both. */
  readonly digest: string;
  /**
   * Turns pixels `[batch, inputSize, inputSize, 3]` in 0 … 255 (red, green, blue) into what the weights expect.
   */
  preprocess(pixels: tf.Tensor4D): tf.Tensor4D;
  /**
   * Frozen inference from one place to a later one.
   * @param from `"input"` (preprocessed pixels) or a cut point.
   * @param to a cut point, or `"logits"` for the scores of the source classes `[batch, classes]`.
   * @throws UserError for an unknown or earlier place, or activations of another shape.
   */
  run(x: tf.Tensor4D, from: string, to: string): tf.Tensor;
  /**
   * Copies the stages between two cut points into variables of their own. BatchNorm statistics stay frozen.
   * @throws UserError on a backend that can't compute the gradient of a convolution.
   */
  trainableStage(from: string, to: string): TrainableStage;
  dispose(): void;
}
