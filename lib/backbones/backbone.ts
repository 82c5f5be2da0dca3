import type * as tf from "@tensorflow/tfjs";

/** A place between two stages where a backbone can be cut: its activations are `[batch, rows, columns, channels]`. */
export interface CutPoint {
  /** As `run`, `trainableStage` and the regimes take it, such as `stage5`. */
  name: string;
  /** Pixels of the input image between neighbouring positions. */
  stride: number;
  rows: number;
  columns: number;
  channels: number;
}

/** A place where a backbone for anything but images can be cut: its activations are `[batch, …grid, channels]`. */
export interface GridCutPoint {
  /** As `run`, `trainableStage` and the regimes take it. */
  name: string;
  /** Positions of the input between neighbouring positions here, along each axis of the grid. */
  strides: readonly number[];
  /** Sizes of the axes, such as `[time]`; `null` where the size is that of the longest input. */
  grid: readonly (number | null)[];
  channels: number;
}

/** A place where any backbone can be cut. */
export type AnyCutPoint = CutPoint | GridCutPoint;

/** What a stage is made for: on some backends it can be run and not trained. */
export type StagePurpose = "training" | "inference";

/** A part of a backbone with parameters of its own, which an optimiser may change. */
export interface TrainableStage<Activations extends tf.Tensor = tf.Tensor4D> {
  /** Kernels, biases, and what norms learn: the gamma and beta of each BatchNorm, the gain and offset of each layer norm. */
  readonly variables: tf.Variable[];
  /** The name that the weights file gives to each of `variables`, in the same order. */
  readonly variableNames: readonly string[];
  /** Those of `variables` that belong to norms, where the stage has some: `freezeNorms` takes them out. */
  readonly norms?: ReadonlySet<tf.Variable>;
  /**
   * Maps activations of the stage's first cut point, `[batch, rows, columns, channels]` or `[batch, …grid, channels]`,
   * to those of its last.
   * @param mask `[batch, positions]`, 1 where a position counts, where some are padding; these hold zeros
   */
  run(x: Activations, mask?: tf.Tensor2D): Activations;
  /** Frees the variables. The backbone that they were copied from stays. */
  dispose(): void;
}

/**
 * A pretrained network, whatever it looks at, which runs up to any cut point and goes on from any.
 *
 * What `run` computes with is frozen: nothing changes it, and norms use the statistics of the source data.
 */
export interface AnyBackbone {
  readonly name: string;
  /** From the input to the last activations before pooling. */
  readonly cutPoints: readonly AnyCutPoint[];
  /** Changes whenever the weights or the computation change: SHA-256 of both. */
  readonly digest: string;
  /** How inputs are prepared, as data: a saved model carries it. */
  readonly preprocessing?: Readonly<Record<string, number | string>>;
  /**
   * Frozen inference from one place to a later one.
   * @param from `"input"` or a cut point.
   * @param to a cut point, or `"logits"` for the scores of the source classes `[batch, classes]`.
   * @param mask `[batch, positions]` at `from`, 1 where a position counts, where some are padding; these hold zeros.
   * @throws UserError for an unknown or earlier place, or activations of another shape.
   */
  run(x: tf.Tensor, from: string, to: string, mask?: tf.Tensor2D): tf.Tensor;
  /**
   * Copies the stages between two cut points into variables of their own. Statistics of BatchNorm stay frozen.
   * @param purpose `training` when left out; a stage for `inference` need not be able to learn on this backend.
   * @throws UserError on a backend that can't compute the gradients that the purpose takes.
   */
  trainableStage(from: string, to: string, purpose?: StagePurpose): TrainableStage<tf.Tensor>;
  /** Frees the weights. Stages that were copied from them stay. */
  dispose(): void;
}

/** A pretrained network for images. BatchNorm uses the statistics of the source data. */
export interface Backbone extends AnyBackbone {
  /** Side of the square input, in pixels. */
  readonly inputSize: number;
  readonly cutPoints: readonly CutPoint[];
  /**
   * Turns pixels `[batch, inputSize, inputSize, 3]` in 0 … 255 (red, green, blue) into what the weights expect.
   */
  preprocess(pixels: tf.Tensor4D): tf.Tensor4D;
  /** As `AnyBackbone.run`; `"input"` are preprocessed pixels. */
  run(x: tf.Tensor4D, from: string, to: string): tf.Tensor;
  trainableStage(from: string, to: string, purpose?: StagePurpose): TrainableStage;
}

/** A pretrained network for images whose tokens attend to each other, and which says where they look. */
export interface SelfAttentionBackbone extends Backbone {
  /** Tokens that stand before those of the grid and have no place in the image: the class token, and registers. */
  readonly leadingTokens: number;
  /**
   * As `run`, with the attention of every block on the way: the softmax's weights, not scraped.
   * @param probes zeros that are added to the weights, one for each block: the gradient with respect to them is that
   *   with respect to the weights
   * @returns `attention`: of each block `[batch, heads, positions, positions]`, row q says where q looks; positions are
   *   the leading tokens, then the grid row by row. `tf.stack` of them is `[blocks, batch, heads, positions, positions]`.
   */
  runWithAttention(
    x: tf.Tensor4D,
    from: string,
    to: string,
    probes?: readonly tf.Tensor4D[],
  ): { output: tf.Tensor; attention: tf.Tensor4D[] };
}

/** Inputs of one batch as `InputBackbone.run` takes them. */
export interface StackedInputs {
  /** `[batch, …]`: float32, or int32 such as the numbers of words. */
  x: tf.Tensor;
  /** How many positions along the first axis of the grid belong to each input, where they differ; the rest is padding. */
  lengths?: ArrayLike<number>;
}

/** A pretrained network for anything else, such as series or words: it says itself how inputs become a batch. */
export interface InputBackbone<Input> extends AnyBackbone {
  readonly cutPoints: readonly GridCutPoint[];
  /** Makes one batch of inputs, prepared as the weights expect it, the shorter padded to the longest. */
  stack(inputs: readonly Input[]): StackedInputs;
}
