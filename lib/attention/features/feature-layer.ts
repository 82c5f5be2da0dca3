import * as tf from "@tensorflow/tfjs";
import { randomStream } from "../../runtime/random";
import { UserError } from "../../runtime/user-error";
import { requireWhole } from "../arguments";
import { glorotUniform } from "../initial-weights";
import { asShapes, type NamedShape, type NamedShapes, requireShapes } from "../shapes";

/** Options of every layer that attends inside features. */
export interface FeatureLayerArgs<Returns extends boolean = boolean> {
  name?: string;
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

/** Options of a call that takes none. */
export type NoOptions = Record<string, never>;

type Given = tf.Tensor | undefined;

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
> extends tf.layers.Layer {
  protected readonly seed: number;
  private readonly returnWeights: boolean;

  constructor({ seed, returnWeights, ...args }: FeatureLayerArgs<Returns>) {
    super({ ...args });
    this.seed = requireWhole(this.getClassName(), "seed", seed, 0);
    this.returnWeights = returnWeights ?? false;
  }

  /** Names and shapes of the inputs in the order of `apply`. */
  protected abstract inputShapes(): NamedShapes;

  /** Names and shapes of the tensors that a call may have among its options. */
  protected optionShapes(): NamedShapes {
    return {};
  }

  /** Adds what is learned, by `addParameter`. */
  protected abstract addParameters(shapes: readonly tf.Shape[]): void;

  /** Features and weights of inputs whose shapes have been checked. */
  protected abstract attend(
    inputs: readonly tf.Tensor[],
    options: Readonly<Record<string, Given>>,
  ): [features: Features, ...weights: Weights];

  /** Shapes of features and weights. */
  protected abstract outputShapes(shapes: readonly tf.Shape[]): tf.Shape[];

  /** The trained variables, as `tf.variableGrads` and the optimisers take them; empty before the build. */
  get variables(): tf.Variable[] {
    return this.trainableWeights.map((weight) => weight.read() as tf.Variable);
  }

  /** @throws UserError when the shapes are not the ones that the layer takes. */
  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shapes = asShapes(inputShape);
    this.checkShapes(shapes, {});
    this.addParameters(shapes);
    super.build(inputShape);
  }

  override apply(inputs: tf.Tensor | tf.Tensor[], options?: Options): Refined<Features, Weights, Returns>;
  override apply(
    inputs: tf.SymbolicTensor | tf.SymbolicTensor[],
  ): Returns extends true ? tf.SymbolicTensor[] : tf.SymbolicTensor;
  override apply(
    inputs: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[],
    options?: Options,
  ): Refined<Features, Weights, Returns> | tf.SymbolicTensor | tf.SymbolicTensor[] {
    return super.apply(inputs, { ...options }) as Refined<Features, Weights, Returns>;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: Record<string, unknown>): tf.Tensor | tf.Tensor[] {
    const tensors = [inputs].flat();
    // A model hands over more than was asked for, such as `training`.
    const given = Object.fromEntries(
      Object.keys(this.optionShapes()).map((name) => [name, (options[name] ?? undefined) as Given]),
    );
    this.checkShapes(
      tensors.map(({ shape }) => shape),
      given,
    );
    // A layer built before its first call counts no user in TensorFlow.js, which then refuses to dispose it.
    this._refCount ??= 1;
    return tf.tidy(() => {
      const refined = this.attend(tensors, given);
      return this.returnWeights ? refined : refined[0];
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    const shapes = this.outputShapes(asShapes(inputShape));
    return this.returnWeights ? shapes : shapes[0]!;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { seed, returnWeights } = this;
    return { ...super.getConfig(), seed, returnWeights };
  }

  /** One mask for each output: the features go on with the one given here, the weights with none. */
  protected outputMasks(features: tf.Tensor | undefined, weights: number): tf.Tensor | tf.Tensor[] {
    const masks = [features ?? null, ...Array<null>(weights).fill(null)] as tf.Tensor[];
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

  /**
   * The layer's own variables in the order in which they were added, not copies.
   * @throws UserError before the layer is built
   */
  protected builtWeights(): tf.Tensor[] {
    if (!this.built) throw new UserError(`${this.name} has no parameters yet: call build or apply first.`);
    return this.weights.map((weight) => weight.read());
  }

  /** How messages name the layer. */
  protected get title(): string {
    return `${this.getClassName()} "${this.name}"`;
  }

  private checkShapes(actual: readonly tf.Shape[], options: Readonly<Record<string, Given>>): void {
    const expected: Record<string, NamedShape> = { ...this.inputShapes() };
    const shapes = [...actual];
    for (const [name, shape] of Object.entries(this.optionShapes())) {
      const tensor = options[name];
      if (!tensor) continue;
      expected[name] = shape;
      shapes.push(tensor.shape);
    }
    requireShapes(this.title, expected, shapes);
  }
}
