import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../runtime/user-error";
import { requireOneOf, requireWhole } from "../arguments";
import { glorotUniform } from "../initial-weights";
import { checkNormaliser, type Normaliser, normalise } from "../normalisers/normaliser";
import type { ScoreDefinition, ScoreParameter } from "../scores/definition";
import type { Query } from "../scores/queries";
import { type Score, scoreDefinition } from "../scores/score";
import { type NamedShapes, requireKnownSize } from "../shapes";
import { type PoolingArgs, type PoolingInputs, PoolingLayer } from "./pooling-layer";

/**
 * Where the query comes from.
 * @inline
 */
type QueryArgs =
  | {
      /** `learned`: y is a parameter, the same for every input; the default. */
      query?: "learned";
      /** How many queries are learned, each with weights and a context of its own; 1 by default. */
      queries?: number;
    }
  | {
      /** `given`: y is an input, and says by its shape how many queries there are. */
      query: "given";
      queries?: undefined;
    };

/** The parts that {@link AttentionPooling} is put together from. */
export type AttentionPoolingArgs = PoolingArgs &
  QueryArgs & {
    /** How well a position answers the query. */
    score: Score;
    /** How scores become weights; softmax by default. */
    normaliser?: Normaliser;
    /** What is averaged: the tokens themselves (x_i = h_i), or values given as an input. Tokens by default. */
    values?: "tokens" | "given";
    /** Decides the initial weights: equal seeds, equal weights. Take it from `stream.tensorSeed()`. */
    seed: number;
  };

/**
 * Attention put together from its parts: e_i = score(h_i, y), α = normaliser(e), c = Σ α_i x_i, for any score,
 * normaliser, source of the query and source of the values.
 *
 * `apply(inputs, { mask })` → context `[batch, queries · value channels]`, the contexts of the queries one after
 * another, and weights `[batch, queries, positions]`. `inputs` is the tokens alone, or a list of them with what else
 * is given, in this order:
 * - tokens, the keys h_i, `[batch, positions, channels]`
 * - query y, `[batch, query channels]` or `[batch, queries, query channels]`, with `query: "given"`; scores that
 *   compare channels (dot products, cosine) want as many as a key has
 * - values x_i, `[batch, positions, value channels]`, with `values: "given"`; else the tokens are the values
 *
 * A masked position gets weight exactly 0 whatever stands there; a row whose positions are all masked gets zeros.
 *
 * A learned query and the matrices of a score start at Glorot's uniform draws. The additive and the location-based
 * score start at 0 everywhere, so that a new layer is mean pooling (with `sigmoid`: half of the sum); the others
 * start with the scores that the drawn query happens to give.
 *
 * Sources: see the score and the normaliser. That a query can be learned: Yang et al. 2016, "Hierarchical attention
 * networks for document classification" (https://aclanthology.org/N16-1174), section 2.2, the word context vector.
 *
 * @example new AttentionPooling({ score: { kind: "cosine", temperature: 0.1 }, normaliser: { kind: "sparsemax" }, seed: 1 })
 * @typeParam Parameters what `parameters` is known to hold
 * @throws UserError for an option that is unknown or out of range
 */
export class AttentionPooling<Parameters = Readonly<Record<string, tf.Tensor2D>>> extends PoolingLayer {
  static className = "AttentionPooling";

  private readonly score: Score;
  private readonly normaliser: Normaliser;
  private readonly query: "learned" | "given";
  /** How many are learned, or, after the build, given. */
  private queries: number;
  private readonly values: "tokens" | "given";
  private readonly seed: number;
  private readonly definition: ScoreDefinition<Score>;
  private parameterNames: string[] = [];
  // Sizes are names until the build, which makes numbers of those that a parameter depends on.
  private positions: string | number = "positions";
  private channels: string | number = "channels";
  private queryChannels: string | number;
  private queriesAxis: number[] = [];

  constructor(args: AttentionPoolingArgs) {
    super(args);
    const layer = this.getClassName();
    this.score = args.score;
    this.definition = scoreDefinition(args.score, layer);
    this.normaliser = args.normaliser ?? { kind: "softmax" };
    checkNormaliser(this.normaliser, layer);
    this.query = requireOneOf(layer, "query", args.query ?? "learned", ["learned", "given"]);
    this.queries = requireWhole(layer, "queries", args.queries ?? 1, 1);
    if (this.query === "given" && args.queries != null)
      throw new UserError(`${layer}: queries that are given say themselves how many they are: leave it out.`);
    this.values = requireOneOf(layer, "values", args.values ?? "tokens", ["tokens", "given"]);
    this.seed = requireWhole(layer, "seed", args.seed, 0);
    this.queryChannels = this.definition.comparesChannels ? this.channels : "query channels";
  }

  protected inputShapes(given: readonly tf.Shape[] = []): NamedShapes {
    // Until the build, the query that comes says whether it has an axis of queries.
    const queriesAxis = this.built ? this.queriesAxis : given[1]?.length === 3 ? ["queries"] : [];
    return {
      tokens: ["batch", this.positions, this.channels],
      ...(this.query === "given" ? { query: ["batch", ...queriesAxis, this.queryChannels] } : {}),
      ...(this.values === "given" ? { values: ["batch", this.positions, "value channels"] } : {}),
    };
  }

  /** Makes what the score learns and, where it is learned, the query. */
  protected override addParameters([tokens, given]: readonly tf.Shape[]): void {
    const severalGiven = this.query === "given" && given!.length === 3;
    const queries = severalGiven ? requireKnownSize(this, "queries", given![1]) : this.queries;
    const channels = requireKnownSize(this, "channels", tokens![2]);
    const queryChannels =
      this.query === "given"
        ? requireKnownSize(this, "query channels", given!.at(-1))
        : (this.definition.learnedQueryChannels?.(this.score) ?? channels);
    const positions = this.definition.fixesPositions
      ? requireKnownSize(this, "positions", tokens![1])
      : "positions";
    const queriesAxis = severalGiven ? [queries] : [];
    Object.assign(this, { channels, queryChannels, positions, queries, queriesAxis });
    const sizes = { channels, queryChannels, positions: Number(positions) };
    const parameters = this.definition.parameters(this.score, sizes);
    if (this.query === "learned") parameters.query = { shape: [this.queries, queryChannels] };
    for (const [name, parameter] of Object.entries(parameters)) this.addParameter(name, parameter);
    this.parameterNames = Object.keys(parameters);
  }

  /**
   * What the score learns, by the names of its file (such as `keyProjection`), and `query` `[queries, channels]` where
   * it is learned: the layer's own variables, not copies.
   * @throws UserError before the layer is built
   */
  get parameters(): Parameters {
    const named = this.builtWeights().map((weight, i) => [this.parameterNames[i], weight] as const);
    return Object.fromEntries(named) as Parameters;
  }

  protected weigh(inputs: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    const { query: learned, ...parameters } = this.parameters as Record<string, tf.Tensor2D>;
    const query = learned ? learned.expandDims<tf.Tensor3D>(0) : (inputs.query as Query);
    const scores = this.definition.scores(this.score, inputs.tokens as tf.Tensor3D, query, parameters);
    return normalise(scores, this.normaliser, mask);
  }

  protected override headCount(): number {
    return this.queries;
  }

  protected override isClearedByMask(input: string): boolean {
    return input !== "query";
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { score, normaliser, query, queries, values, seed } = this;
    return {
      ...super.getConfig(),
      score: { ...score },
      normaliser: { ...normaliser },
      query,
      ...(query === "learned" ? { queries } : {}),
      values,
      seed,
    };
  }

  private addParameter(name: string, { shape, start }: ScoreParameter): void {
    const snakeCase = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const drawn = glorotUniform(this.seed, `${this.getClassName()}/${snakeCase}`);
    this.addWeight(snakeCase, shape, "float32", start === "zeros" ? tf.initializers.zeros() : drawn);
  }
}

tf.serialization.registerClass(AttentionPooling);
