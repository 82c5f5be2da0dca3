import * as tf from "@tensorflow/tfjs";
import { randomStream } from "../../runtime/random";
import { requireWhole } from "../arguments";
import { type NamedShapes, requireKnownSize } from "../shapes";
import { type PoolingArgs, PoolingLayer } from "./pooling-layer";

/** Options of a pooling that learns from the tokens alone. */
export interface LearnedPoolingArgs extends PoolingArgs {
  /** Decides the initial weights: equal seeds, equal weights. Take it from `stream.tensorSeed()`. */
  seed: number;
}

/** One parameter of a pooling. */
export interface PoolingParameter {
  shape: number[];
  /**
   * Glorot's uniform draws, truncated normal draws of standard deviation 0.02, a constant, or the identity (of a square
   * matrix).
   */
  start: "Glorot" | "near zero" | "zeros" | "ones" | "identity";
  /** What the draws are multiplied with; 1 by default. */
  scale?: number;
  /** Stays where it starts: no gradient reaches it. */
  frozen?: boolean;
}

const initialisers = {
  Glorot: (seed: number, scale: number) =>
    tf.initializers.varianceScaling({ scale: scale ** 2, mode: "fanAvg", distribution: "uniform", seed }),
  "near zero": (seed: number, scale: number) =>
    tf.initializers.truncatedNormal({ stddev: 0.02 * scale, seed }),
  zeros: () => tf.initializers.zeros(),
  ones: () => tf.initializers.ones(),
  identity: () => tf.initializers.identity({}),
};

/**
 * The common form of poolings that take tokens alone and learn: a subclass says what it learns, under which names and
 * from where, and gets the parameters by these names. Each draws from a stream of its own, so that adding one leaves the
 * others as they are.
 *
 * @typeParam Parameters what `parameters` holds
 * @throws UserError for a seed that is no whole number
 */
export abstract class LearnedPooling<Parameters extends object> extends PoolingLayer {
  private readonly seed: number;
  private channels: string | number = "channels";
  private made: Readonly<Record<string, { read(): tf.Tensor }>> = {};

  constructor(args: LearnedPoolingArgs) {
    super(args);
    this.seed = requireWhole(this.getClassName(), "seed", args.seed, 0);
  }

  /** What is learned for tokens of so many channels, by its names in `parameters`; what is frozen comes last. */
  protected abstract parametersFor(channels: number): Readonly<Record<keyof Parameters, PoolingParameter>>;

  protected inputShapes(): NamedShapes {
    return { tokens: ["batch", "positions", this.channels] };
  }

  protected override addParameters([tokens]: readonly tf.Shape[]): void {
    const channels = requireKnownSize(this, "channels", tokens![2]);
    const parameters = Object.entries<PoolingParameter>(this.parametersFor(channels));
    this.channels = channels;
    this.made = Object.fromEntries(
      parameters.map(([name, { shape, start, scale = 1, frozen }]) => {
        const snakeCase = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
        const seed = randomStream(this.seed, `${this.getClassName()}/${snakeCase}`).tensorSeed();
        const initial = initialisers[start](seed, scale);
        return [name, this.addWeight(snakeCase, shape, "float32", initial, undefined, !frozen)];
      }),
    );
  }

  /**
   * What the layer learned, by name: its own variables, not copies.
   * @throws UserError before the layer is built
   */
  get parameters(): Parameters {
    this.builtWeights();
    const read = Object.entries(this.made).map(([name, weight]) => [name, weight.read()] as const);
    return Object.fromEntries(read) as Parameters;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), seed: this.seed };
  }
}
