import * as tf from "@tensorflow/tfjs";
import { randomStream } from "../../runtime/random";
import { requireWhole } from "../arguments";
import { AttentionLayer, type NamedTensors } from "../attention-layer";
import { glorotUniform } from "../initial-weights";
import { asShapes } from "../shapes";

/** Options of every layer that attends inside features. */
export interface FeatureLayerArgs<Returns extends boolean = boolean> {
  /** Of the layer, in messages and in saved models; made of its class and a number when left out. */
  name?: string;
  /** Whether the parameters are among `variables`, which are trained; true by default. */
  trainable?: boolean;
  /** Decides the initial weights: equal seeds, equal weights. Take it from `stream.tensorSeed()`. */
  seed: number;
  /** Whether `apply` returns the attention weights beside the features; false by default. */
  returnWeights?: Returns;
}

/** What `apply` gives: the features, or with `returnWeights: true` a list of them and the weights. */
export type Refined<
  Features extends tf.Tensor,
  Weights extends tf.Tensor[],
  Returns extends boolean,
> = Returns extends true ? [features: Features, ...weights: Weights] : Features;

/**
 * The common form of attention inside features: features come in and go out in the same shape, and the weights
 * that changed them come out beside them when asked. A subclass says which inputs it takes, what it learns and
 * how it attends; checking shapes, reading variables and choosing what is returned are done here.
 *
 * Every such layer can be called on tensors, used inside `tf.model`, `model.fit` and `compile`, differentiated
 * by `tf.variableGrads(loss, layer.variables)`, and saved and loaded with its model.
 *
 * @throws UserError for a seed that is no whole number
 */
export abstract class FeatureLayer<
  Features extends tf.Tensor,
  Weights extends tf.Tensor[],
  Options extends object,
  Returns extends boolean,
> extends AttentionLayer {
  protected readonly seed: number;
  private readonly returnWeights: boolean;

  constructor({ seed, returnWeights, ...args }: FeatureLayerArgs<Returns>) {
    super({ ...args });
    this.supportsMasking = true;
    this.seed = requireWhole(this.getClassName(), "seed", seed, 0);
    this.returnWeights = returnWeights ?? false;
  }

  /** Adds what is learned, by `addParameter`. */
  protected abstract override addParameters(shapes: readonly tf.Shape[]): void;

  /** Features and weights of inputs whose shapes have been checked. */
  protected abstract attend(
    inputs: readonly tf.Tensor[],
    options: NamedTensors,
  ): [features: Features, ...weights: Weights];

  /** Shapes of features and weights. */
  protected abstract outputShapes(shapes: readonly tf.Shape[]): tf.Shape[];

  /**
   * Attends inside the features, which come out in the shape in which they went in.
   * @throws UserError for inputs or a mask that don't fit the layer or each other
   */
  override apply(inputs: tf.Tensor | tf.Tensor[], options?: Options): Refined<Features, Weights, Returns>;
  /** Inside a model of TensorFlow.js: symbolic inputs give symbolic features, in a list with the weights where these are returned. */
  override apply(
    inputs: tf.SymbolicTensor | tf.SymbolicTensor[],
  ): Returns extends true ? tf.SymbolicTensor[] : tf.SymbolicTensor;
  override apply(
    inputs: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[],
    options?: Options,
  ): Refined<Features, Weights, Returns> | tf.SymbolicTensor | tf.SymbolicTensor[] {
    return super.apply(inputs, { ...options }) as Refined<Features, Weights, Returns>;
  }

  protected compute(inputs: NamedTensors, options: NamedTensors): tf.Tensor | tf.Tensor[] {
    const refined = this.attend(Object.values(inputs) as tf.Tensor[], options);
    return this.returnWeights ? refined : refined[0];
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    const shapes = this.outputShapes(asShapes(inputShape));
    return this.returnWeights ? shapes : shapes[0]!;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { seed, returnWeights } = this;
    return { ...super.getConfig(), seed, returnWeights };
  }

  /** Which of the inputs the features go on from: theirs is the mask that goes on with them. */
  protected featuresOf(): number {
    return 0;
  }

  /** One mask for each output: the features go on with that of the input they come from, the weights with none. */
  override computeMask(
    inputs: tf.Tensor | tf.Tensor[],
    mask?: tf.Tensor | tf.Tensor[],
  ): tf.Tensor | tf.Tensor[] {
    const features = [mask].flat()[this.featuresOf()] ?? null;
    const shapes = [inputs].flat().map(({ shape }) => shape);
    const weights = this.outputShapes(shapes).slice(1);
    const masks = [features, ...weights.map(() => null)] as tf.Tensor[];
    return this.returnWeights ? masks : masks[0]!;
  }

  /** Each parameter draws from a stream of its own, so that adding one leaves the others as they are. */
  protected addParameter(
    name: string,
    shape: number[],
    initial: "Glorot" | "zeros" | "near zero" = "Glorot",
  ): void {
    const stream = `${this.getClassName()}/${name}`;
    const initialisers = {
      Glorot: () => glorotUniform(this.seed, stream),
      zeros: () => tf.initializers.zeros(),
      "near zero": () =>
        tf.initializers.truncatedNormal({
          stddev: 0.02,
          seed: randomStream(this.seed, stream).tensorSeed(),
        }),
    };
    this.addWeight(name, shape, "float32", initialisers[initial]());
  }
}
