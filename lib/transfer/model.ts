import * as tf from "@tensorflow/tfjs";
import { attend } from "../attention/attend";
import { ClassAttention } from "../attention/pooling/class-attention";
import type { PoolingLayer } from "../attention/pooling/pooling-layer";
import { WeightedPooling } from "../attention/pooling/weighted-pooling";
import type { TrainableStage } from "../backbones/backbone";
import { requireWhole } from "../runtime/checks";
import type { RandomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import {
  ATTENTION_HEADS,
  ATTENTION_UNITS,
  makeClassifier,
  makePooling,
  type PoolingName,
  SELF_ATTENTION_BLOCKS,
} from "./pooling-choice";
import { SelfAttentionStack } from "./self-attention-stack";
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
  /** With `self-attention`: how much each position took from each, block by block, `[batch, heads, positions, positions]`. */
  selfAttention?: tf.Tensor4D[];
}

/**
 * Zeros that are added to the weights of a model with `self-attention`: the gradient of a logit with respect to them is
 * its gradient with respect to the weights.
 */
export interface AttentionProbes {
  /** One for each block, `[batch, heads, positions, positions]`. */
  selfAttention: readonly tf.Tensor4D[];
  /** For the pooling, `[batch, 1, positions]`. */
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
  /** Channels of what the stage takes, so that others are refused by name; needless without a stage. */
  stageChannels?: number;
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
  private readonly channels: number;
  private readonly stageChannels: number | undefined;
  private readonly stack: SelfAttentionStack | undefined;
  private readonly pooling: PoolingLayer;
  private readonly classifier: tf.layers.Layer;
  private readonly stage: TrainableStage | undefined;

  constructor({ channels, attentionUnits = ATTENTION_UNITS, stage, ...options }: ModelOptions) {
    requireWhole("The `channels` of a model", channels, 1);
    requireWhole("The `attentionUnits` of a model", attentionUnits, 1);
    this.classes = requireWhole("The `classes` of a model", options.classes, 2);
    this.channels = channels;
    this.stageChannels = options.stageChannels;
    this.stage = stage;
    this.stageVariables = stage?.variables ?? [];
    if (options.pooling === "self-attention") {
      const stream = options.stream.child("self-attention stack");
      const blocks = SELF_ATTENTION_BLOCKS;
      this.stack = new SelfAttentionStack({ channels, blocks, heads: ATTENTION_HEADS, stream });
    }
    this.pooling = makePooling({ ...options, attentionUnits });
    this.classifier = makeClassifier({ ...options, attentionUnits });
    const tokens: tf.Shape = [null, null, channels];
    const inputs = this.takesWeights ? [tokens, [null, null]] : tokens;
    this.pooling.build(inputs);
    this.classifier.build(this.pooling.computeOutputShape(inputs)[0]!);
    const ends = [this.pooling, this.classifier].flatMap((layer) =>
      layer.trainableWeights.map((weight) => weight.read() as tf.Variable),
    );
    this.headVariables = [...(this.stack?.variables ?? []), ...ends];
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
    return this.decide(this.stage ? this.runStage(grids) : grids, givenWeights);
  }

  /** The stage that is fine-tuned, alone: grids of the backbone to the features that are pooled; a copy without one. */
  runStage(grids: tf.Tensor4D): tf.Tensor4D {
    if (!this.stage) return grids.clone();
    if (this.stageChannels !== undefined) requireChannels(grids, this.stageChannels);
    return this.stage.run(grids);
  }

  /**
   * What follows the stage: pooling and classifier on features `[batch, rows, columns, channels]`.
   * @param probes for `self-attention`; the others don't look at them
   */
  decide(features: tf.Tensor4D, givenWeights?: tf.Tensor2D, probes?: AttentionProbes): Prediction {
    requireChannels(features, this.channels);
    if (this.stack) return this.decideByStack(this.stack, features, probes);
    const tokens = gridsToTokens(features);
    const inputs = this.takesWeights ? [tokens, givenWeights!] : tokens;
    const [context, weights] = this.pooling.apply(inputs);
    return { context, logits: this.classify(context), weights };
  }

  /** The classifier alone: contexts as in `Prediction`, from wherever they come, to logits `[batch, classes]`. */
  classify(context: tf.Tensor2D): tf.Tensor2D {
    return this.classifier.apply(context) as tf.Tensor2D;
  }

  private decideByStack(
    stack: SelfAttentionStack,
    features: tf.Tensor4D,
    probes?: AttentionProbes,
  ): Prediction {
    const { tokens, weights: selfAttention } = stack.run(gridsToTokens(features), probes?.selfAttention);
    const [pooled, weights] = this.pooling.apply(tokens);
    const context = probes ? pooled.add<tf.Tensor2D>(attend(tokens, probes.weights).squeeze([1])) : pooled;
    return { context, logits: this.classify(context), weights, selfAttention };
  }

  dispose(): void {
    this.stage?.dispose();
    // Not `layer.dispose()`, which refuses a layer that was built before its first call.
    tf.dispose(this.headVariables);
  }
}

function requireChannels({ shape }: tf.Tensor4D, channels: number): void {
  if (shape.length === 4 && shape[3] === channels) return;
  throw new UserError(
    `The model takes features [batch, rows, columns, ${channels}] and was given [${shape.join(", ")}]. ` +
      "Extract them at the cut point that the model was made for.",
  );
}
