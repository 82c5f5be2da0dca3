import * as tf from "@tensorflow/tfjs";
import { AdditiveAttention } from "../attention/pooling/additive-attention";
import { MaxPooling } from "../attention/pooling/max-pooling";
import { MeanPooling } from "../attention/pooling/mean-pooling";
import { WeightedPooling } from "../attention/pooling/weighted-pooling";
import type { TrainableStage } from "../backbones/backbone";
import type { RandomStream } from "../runtime/random";
import { gridsToTokens } from "./tokens";

/**
 * How the tokens of an image become one vector. `given` takes its weights from outside, such as the true mask of
 * the object; the others find them by themselves.
 */
export type PoolingName = "mean" | "max" | "attention" | "given";

/** Width of the hidden layer in which attention compares keys: the d of W_h. */
export const ATTENTION_UNITS = 128;

/** What a model makes of a batch of images. */
export interface Prediction {
  /** What the pooling made of each image's tokens, `[batch, channels]`. */
  context: tf.Tensor2D;
  /** Scores of the target classes, `[batch, classes]`. */
  logits: tf.Tensor2D;
  /** How much each position counted, `[batch, 1, positions]`; every row sums to one. */
  weights: tf.Tensor3D;
}

export interface ModelOptions {
  pooling: PoolingName;
  channels: number;
  classes: number;
  /** Size of the hidden layer d in which attention compares keys; used by `attention` alone, 128 when left out. */
  attentionUnits?: number;
  /** The part of the backbone that is fine-tuned, if any; the model disposes it. */
  stage?: TrainableStage;
  /** Where the initial weights come from. */
  stream: RandomStream;
}

/**
 * Third and last part of a transfer: grids of source features → (a stage that is fine-tuned) → pooling → linear
 * classifier.
 */
export class TransferModel {
  readonly classes: number;
  readonly stageVariables: tf.Variable[];
  readonly headVariables: tf.Variable[];
  private readonly pooling: tf.layers.Layer;
  private readonly classifier: tf.layers.Layer;
  private readonly stage: TrainableStage | undefined;

  constructor({ pooling, channels, classes, attentionUnits = ATTENTION_UNITS, stage, stream }: ModelOptions) {
    this.classes = classes;
    this.stage = stage;
    this.stageVariables = stage?.variables ?? [];
    this.pooling = makePooling(pooling, attentionUnits, stream);
    // At zero: middle-layer features are so large that a random classifier on them begins worse than guessing.
    this.classifier = tf.layers.dense({ units: classes, kernelInitializer: tf.initializers.zeros() });
    if (pooling !== "given") this.pooling.build([null, null, channels]);
    this.classifier.build([null, channels]);
    this.headVariables = [this.pooling, this.classifier].flatMap((layer) =>
      layer.trainableWeights.map((weight) => weight.read() as tf.Variable),
    );
  }

  /** Whether the pooling takes its weights from outside. */
  get takesWeights(): boolean {
    return this.pooling instanceof WeightedPooling;
  }

  /**
   * @param grids activations of the backbone, `[batch, rows, columns, channels]`
   * @param givenWeights `[batch, positions]`, for the pooling `given`; the others don't look at them
   */
  predict(grids: tf.Tensor4D, givenWeights?: tf.Tensor2D): Prediction {
    return this.decide(this.stage ? this.stage.run(grids) : grids, givenWeights);
  }

  /** The stage that is fine-tuned, alone: grids of the backbone to the features that are pooled; a copy without one. */
  runStage(grids: tf.Tensor4D): tf.Tensor4D {
    return this.stage ? this.stage.run(grids) : grids.clone();
  }

  /** What follows the stage: pooling and classifier on features `[batch, rows, columns, channels]`. */
  decide(features: tf.Tensor4D, givenWeights?: tf.Tensor2D): Prediction {
    const tokens = gridsToTokens(features);
    const inputs = this.takesWeights ? [tokens, givenWeights!] : tokens;
    const [context, weights] = this.pooling.apply(inputs) as [tf.Tensor2D, tf.Tensor3D];
    return { context, logits: this.classify(context), weights };
  }

  /** The classifier alone: contexts `[batch, channels]`, from wherever they come, to logits `[batch, classes]`. */
  classify(context: tf.Tensor2D): tf.Tensor2D {
    return this.classifier.apply(context) as tf.Tensor2D;
  }

  dispose(): void {
    this.stage?.dispose();
    // Not `layer.dispose()`, which refuses a layer that was built before its first call.
    tf.dispose(this.headVariables);
  }
}

function makePooling(name: PoolingName, units: number, stream: RandomStream): tf.layers.Layer {
  switch (name) {
    case "mean":
      return new MeanPooling();
    case "max":
      return new MaxPooling();
    case "attention":
      return new AdditiveAttention({ units, query: "learned", seed: stream.child("attention").tensorSeed() });
    case "given":
      return new WeightedPooling();
  }
}
