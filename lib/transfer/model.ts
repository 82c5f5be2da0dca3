import * as tf from "@tensorflow/tfjs";
import { ClassAttention } from "../attention/pooling/class-attention";
import type { PoolingLayer } from "../attention/pooling/pooling-layer";
import { WeightedPooling } from "../attention/pooling/weighted-pooling";
import type { TrainableStage } from "../backbones/backbone";
import type { RandomStream } from "../runtime/random";
import { ATTENTION_UNITS, makeClassifier, makePooling, type PoolingName } from "./pooling-choice";
import { gridsToTokens } from "./tokens";

/** What a model makes of a batch of images. */
export interface Prediction {
  /** What the pooling made of each image's tokens, `[batch, channels]`; with `class attention` `[batch, classes · channels]`. */
  context: tf.Tensor2D;
  /** Scores of the target classes, `[batch, classes]`. */
  logits: tf.Tensor2D;
  /**
   * How much each position counted, `[batch, heads, positions]`; every row sums to one. There is one head,
   * but with `multi-head attention` there are several, and with `class attention` the heads are the classes.
   */
  weights: tf.Tensor3D;
}

export interface ModelOptions {
  pooling: PoolingName;
  channels: number;
  classes: number;
  /** Size of the hidden layer d of `attention` and `gated attention`; 128 when left out. */
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
  private readonly pooling: PoolingLayer;
  private readonly classifier: tf.layers.Layer;
  private readonly stage: TrainableStage | undefined;

  constructor({ channels, attentionUnits = ATTENTION_UNITS, stage, ...options }: ModelOptions) {
    this.classes = options.classes;
    this.stage = stage;
    this.stageVariables = stage?.variables ?? [];
    this.pooling = makePooling({ ...options, attentionUnits });
    this.classifier = makeClassifier({ ...options, attentionUnits });
    const tokens: tf.Shape = [null, null, channels];
    const inputs = this.takesWeights ? [tokens, [null, null]] : tokens;
    this.pooling.build(inputs);
    this.classifier.build(this.pooling.computeOutputShape(inputs)[0]!);
    this.headVariables = [this.pooling, this.classifier].flatMap((layer) =>
      layer.trainableWeights.map((weight) => weight.read() as tf.Variable),
    );
  }

  /** Whether the pooling takes its weights from outside. */
  get takesWeights(): boolean {
    return this.pooling instanceof WeightedPooling;
  }

  /** Whether each class has a map and a context of its own. */
  get headsAreClasses(): boolean {
    return this.pooling instanceof ClassAttention;
  }

  /** Whether training leaves each image's context as it is: neither the pooling nor a stage has anything to learn. */
  get hasFixedContexts(): boolean {
    return this.stageVariables.length === 0 && this.pooling.variables.length === 0;
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
    const [context, weights] = this.pooling.apply(inputs);
    return { context, logits: this.classify(context), weights };
  }

  /** The classifier alone: contexts as in `Prediction`, from wherever they come, to logits `[batch, classes]`. */
  classify(context: tf.Tensor2D): tf.Tensor2D {
    return this.classifier.apply(context) as tf.Tensor2D;
  }

  dispose(): void {
    this.stage?.dispose();
    // Not `layer.dispose()`, which refuses a layer that was built before its first call.
    tf.dispose(this.headVariables);
  }
}
