import * as tf from "@tensorflow/tfjs";
import { attend } from "../attention/attend";
import { gridsToTokens } from "../attention/grids-to-tokens";
import { ClassAttention } from "../attention/pooling/class-attention";
import type { PoolingLayer } from "../attention/pooling/pooling-layer";
import { WeightedPooling } from "../attention/pooling/weighted-pooling";
import type { TrainableStage } from "../backbones/backbone";
import { requireWhole, shown } from "../runtime/checks";
import type { RandomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import type { ModelOrigin } from "./model-origin";
import { frozenVariables, namedVariables } from "./named-variables";
import { coarserMask, withoutPadding } from "./padding";
import {
  ATTENTION_HEADS,
  ATTENTION_UNITS,
  makeClassifier,
  makePooling,
  type PoolingName,
  SELF_ATTENTION_BLOCKS,
} from "./pooling-choice";
import { SelfAttentionStack } from "./self-attention-stack";

/** What a model makes of a batch of images. */
export interface Prediction {
  /**
   * What the pooling made of each image's tokens, `[batch, channels]`; with `class attention`
   * `[batch, classes · channels]`, with a control's hidden layer or projection `[batch, units]`.
   */
  context: tf.Tensor2D;
  /** Scores of the target classes, `[batch, classes]`. */
  logits: tf.Tensor2D;
  /**
   * How much each position counted, `[batch, heads, positions]`; every row sums to one, but with `CaiT class attention`
   * to less: the class token keeps the rest. There is one head, but with `multi-head attention` and the probes (but
   * `SimPool`) there are several, and with `class attention` the heads are the classes.
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

/** What a prediction takes beside its grids. */
export interface PredictOptions {
  /** `[batch, positions]`, for the pooling `given`; the others don't look at them. */
  givenWeights?: tf.Tensor2D;
  /** `[batch, positions]`, 1 where a position counts; 0 where it is padding, whose content has no effect. All count without it. */
  mask?: tf.Tensor2D;
  /** For the pooling `self-attention`; the others don't look at them. */
  probes?: AttentionProbes;
}

/** A part of a model that can be trained, in order from the input to the output. */
export type ModelPart = "stage" | "self-attention" | "pooling" | "classifier";

/** What a model is made of. */
export interface ModelOptions {
  pooling: PoolingName;
  /** Channels of the features that are pooled, from 1. */
  channels: number;
  /** How many classes it tells apart, from 2. */
  classes: number;
  /** A name for each class, in the order of the labels. */
  classNames?: readonly string[];
  /** Size of the hidden layer d of `attention` and `gated attention`; 128 when left out. */
  attentionUnits?: number;
  /** What v's draws are multiplied with where the pooling freezes it, above 0; 1 when left out. */
  scoreScale?: number;
  /** The part of the backbone that is fine-tuned, if any; the model disposes it. */
  stage?: TrainableStage<tf.Tensor>;
  /** How many positions the stage makes one of, along each axis of the grid: for masks to follow. One when left out. */
  stageStrides?: readonly number[];
  /** Channels of what the stage takes, so that others are refused by name; needless without a stage. */
  stageChannels?: number;
  /** The backbone and the regime that it is made with: a saved model is refused with others. */
  origin?: ModelOrigin;
  /** Where the initial weights come from. */
  stream: RandomStream;
}

/**
 * What a transfer ends in: grids of source features → (a stage that is fine-tuned) → (self-attention) →
 * pooling → linear classifier.
 *
 * `fitRegime` makes and trains one, `saveModel` keeps it.
 */
export class TransferModel {
  /** How many classes it tells apart. */
  readonly classes: number;
  /** Their names in the order of the labels, where they were given. */
  readonly classNames: readonly string[] | undefined;
  readonly poolingName: PoolingName;
  /** Channels of the features that are pooled. */
  readonly channels: number;
  /** Size of the hidden layer of `attention` and `gated attention`; other poolings have none. */
  readonly attentionUnits: number;
  /** The backbone and the regime that it was made with, where it was told. */
  readonly origin: ModelOrigin | undefined;
  /** The part of the backbone that is fine-tuned. */
  readonly stage: TrainableStage<tf.Tensor> | undefined;
  /** Self-attention between the tokens, of the pooling `self-attention`. */
  readonly stack: SelfAttentionStack | undefined;
  readonly pooling: PoolingLayer;
  readonly classifier: tf.layers.Layer;
  /** What the stage learns; empty without one. */
  readonly stageVariables: tf.Variable[];
  /** What self-attention, pooling and classifier learn. */
  readonly headVariables: tf.Variable[];
  /** Channels of what the stage takes. */
  readonly stageChannels: number | undefined;
  /** How many positions the stage makes one of, along each axis of the grid. */
  readonly stageStrides: readonly number[] | undefined;
  private readonly contextSize: number;

  constructor({ channels, attentionUnits = ATTENTION_UNITS, stage, ...options }: ModelOptions) {
    const { classes, classNames, pooling } = options;
    requireWhole("The `channels` of a model", channels, 1);
    requireWhole("The `attentionUnits` of a model", attentionUnits, 1);
    requireWhole("The `classes` of a model", classes, 2);
    if (classNames) checkClassNames(classNames, classes);
    this.classes = classes;
    this.classNames = classNames;
    this.poolingName = pooling;
    this.channels = channels;
    this.attentionUnits = attentionUnits;
    this.stageChannels = options.stageChannels;
    this.origin = options.origin;
    this.stage = stage;
    this.stageStrides = options.stageStrides;
    if (pooling === "self-attention") {
      const stream = options.stream.child("self-attention stack");
      const blocks = SELF_ATTENTION_BLOCKS;
      this.stack = new SelfAttentionStack({ channels, blocks, heads: ATTENTION_HEADS, stream });
    }
    this.pooling = makePooling({ ...options, channels, attentionUnits });
    this.classifier = makeClassifier({ ...options, channels, attentionUnits });
    const tokens: tf.Shape = [null, null, channels];
    const inputs = this.takesWeights ? [tokens, [null, null]] : tokens;
    this.pooling.build(inputs);
    const contexts = this.pooling.computeOutputShape(inputs)[0] as tf.Shape;
    this.classifier.build(contexts);
    this.contextSize = contexts.at(-1)!;
    this.stageVariables = stage?.variables ?? [];
    const head = ["self-attention", "pooling", "classifier"] as const;
    this.headVariables = head.flatMap((part) => [...this.variablesOf(part).values()]);
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

  /** The variables of each part that has some, from the input to the output. */
  get trainedParts(): ReadonlyMap<ModelPart, readonly tf.Variable[]> {
    const parts = ["stage", "self-attention", "pooling", "classifier"] as const;
    const all = parts.map((part) => [part, [...this.variablesOf(part).values()]] as const);
    return new Map(all.filter(([, variables]) => variables.length > 0));
  }

  /** The variables of one part by their names in it: of a stage those of its weights file, of a layer the layer's own. */
  variablesOf(part: ModelPart): ReadonlyMap<string, tf.Variable> {
    if (part === "stage")
      return new Map(this.stage?.variables.map((variable, i) => [this.stage!.variableNames[i]!, variable]));
    if (part === "self-attention") return new Map(this.stack?.namedVariables);
    return namedVariables(part === "pooling" ? this.pooling : this.classifier);
  }

  /** What the pooling drew and training never moves, by its names in it: it belongs to the model like what is learned. */
  get frozenInPooling(): ReadonlyMap<string, tf.Variable> {
    return frozenVariables(this.pooling);
  }

  /**
   * The whole model on what the frozen backbone gives: stage, pooling, classifier. Differentiable.
   * @param grids activations of the backbone, `[batch, rows, columns, channels]` or `[batch, …grid, channels]`
   * @throws UserError for grids with other channels than those that the model was made for
   */
  predict(grids: tf.Tensor, { mask, ...options }: PredictOptions = {}): Prediction {
    if (!this.stage) return this.decide(grids, { ...options, mask });
    const features = this.runStage(grids, mask);
    return this.decide(features, { ...options, mask: mask && this.maskAfterStage(grids, mask) });
  }

  /** @throws UserError where the model was disposed */
  requireAlive(): void {
    if (this.headVariables.some(({ isDisposed }) => isDisposed))
      throw new UserError("This model was disposed. Use it before, or fit or load it again.");
  }

  /** The stage that is fine-tuned, alone: grids of the backbone to the features that are pooled; a copy without one. */
  runStage<Grids extends tf.Tensor>(grids: Grids, mask?: tf.Tensor2D): Grids {
    this.requireAlive();
    if (!this.stage) return grids.clone() as unknown as Grids;
    if (this.stageChannels !== undefined) requireChannels(grids, this.stageChannels);
    return this.stage.run(withoutPadding(grids, mask), mask) as Grids;
  }

  /** What follows the stage: pooling and classifier on features, of the shape that `predict` takes. */
  decide(features: tf.Tensor, { givenWeights, mask, probes }: PredictOptions = {}): Prediction {
    this.requireAlive();
    requireChannels(features, this.channels);
    const tokens = gridsToTokens(features);
    if (this.stack) return this.decideByStack(this.stack, tokens, mask, probes);
    const inputs = this.takesWeights ? [tokens, givenWeights!] : tokens;
    const [context, weights] = this.pooling.apply(inputs, mask && { mask });
    return { context, logits: this.classify(context), weights };
  }

  /** The classifier alone: contexts as in `Prediction`, from wherever they come, to logits `[batch, classes]`. */
  classify(context: tf.Tensor2D): tf.Tensor2D {
    this.requireAlive();
    const size = this.contextSize;
    if (context?.shape?.at(-1) !== size)
      throw new UserError(
        `The classifier takes contexts [batch, ${size}], and was given [${context?.shape?.join(", ") ?? ""}].`,
      );
    return this.classifier.apply(context) as tf.Tensor2D;
  }

  private decideByStack(
    stack: SelfAttentionStack,
    given: tf.Tensor3D,
    mask?: tf.Tensor2D,
    probes?: AttentionProbes,
  ): Prediction {
    const { tokens, weights: selfAttention } = stack.run(withoutPadding(given, mask), {
      probes: probes?.selfAttention,
      mask,
    });
    const [pooled, weights] = this.pooling.apply(tokens, mask && { mask });
    const context = probes ? pooled.add<tf.Tensor2D>(attend(tokens, probes.weights).squeeze([1])) : pooled;
    return { context, logits: this.classify(context), weights, selfAttention };
  }

  private maskAfterStage(grids: tf.Tensor, mask: tf.Tensor2D): tf.Tensor2D {
    return this.stageStrides ? coarserMask(mask, grids.shape.slice(1, -1), this.stageStrides) : mask;
  }

  /** Frees the variables of all parts, the stage's included. */
  dispose(): void {
    this.stage?.dispose();
    // Not `layer.dispose()`, which refuses a layer that was built before its first call.
    tf.dispose([...this.headVariables, ...this.frozenInPooling.values()]);
  }
}

/** @throws UserError unless there is a name for each class, no two of them the same to a reader */
function checkClassNames(names: readonly string[], classes: number): void {
  if (names.length !== classes)
    throw new UserError(`There are ${names.length} names for ${classes} classes. Give one for each.`);
  const wrong = names.findIndex((name) => typeof name !== "string" || name === "");
  if (wrong >= 0)
    throw new UserError(
      `The name of class ${wrong}, counted from 0, is ${shown(names[wrong])}. Give it a text.`,
    );
  const normal = names.map((name) => name.normalize());
  const twice = normal.find((name, i) => normal.indexOf(name) !== i);
  if (twice !== undefined) throw new UserError(`Two classes have the name "${twice}". Give each its own.`);
}

function requireChannels(grids: tf.Tensor, channels: number): void {
  const shape = grids?.shape ?? [];
  if (shape.length >= 3 && shape.at(-1) === channels) return;
  throw new UserError(
    `The model takes features [batch, rows, columns, ${channels}], or [batch, …, ${channels}] on another grid, and was ` +
      `given [${shape.join(", ")}]. Extract them at the cut point that the model was made for.`,
  );
}
