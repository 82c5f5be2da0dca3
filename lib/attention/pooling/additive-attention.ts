import * as tf from "@tensorflow/tfjs";
import { requireOneOf, requireWhole } from "../arguments";
import { glorotUniform } from "../initial-weights";
import { softmaxWeights } from "../normalisers/softmax";
import { type AdditiveParameters, additiveScores } from "../scores/additive";
import { type NamedShapes, requireKnownSize } from "../shapes";
import { type PoolingArgs, type PoolingInputs, PoolingLayer } from "./pooling-layer";

export interface AdditiveAttentionArgs extends PoolingArgs {
  /** How many numbers stand between W_h, W_s and v: the width of the tanh. */
  units: number;
  /** Decides the initial weights: equal seeds, equal weights. Take it from `stream.tensorSeed()`. */
  seed: number;
  /** `learned`: y is a parameter, the same for every input. `given`: y is an input. Learned by default. */
  query?: "learned" | "given";
  /** What is averaged: the tokens themselves (x_i = h_i), or values given as an input. Tokens by default. */
  values?: "tokens" | "given";
}

/**
 * Additive attention: e_i = vᵀ tanh(W_h h_i + W_s y), α = softmax(e), c = Σ α_i x_i.
 *
 * `apply(inputs, { mask })` → context `[batch, value channels]`, weights `[batch, 1, positions]`, where
 * `inputs` is the tokens alone, or a list of them with what else is given, in this order:
 * - tokens, the keys h_i, `[batch, positions, channels]`
 * - query y, `[batch, query channels]`, with `query: "given"`
 * - values x_i, `[batch, positions, value channels]`, with `values: "given"`; else the tokens are the values
 *
 * A masked position gets weight exactly 0; a row whose positions are all masked gets zeros.
 *
 * v starts at zero, as in the paper, so that a new layer gives all positions the same weight: it starts as mean
 * pooling, and what differs later was learned. W_h, W_s and y start at Glorot's uniform draws.
 *
 * Source: Bahdanau, Cho and Bengio 2015 (https://arxiv.org/abs/1409.0473), section 3.1 and appendix A.1.2.
 * Deviations: the paper's query is the state of a translator's decoder, here it may be a learned parameter of
 * `units` numbers, so that W_s y is one learned vector inside the tanh; the paper draws W_h and W_s with a
 * standard deviation of 0.001 (its appendix B.1).
 *
 * @throws UserError for units or a seed that is no whole number, or an unknown option
 */
export class AdditiveAttention extends PoolingLayer {
  static className = "AdditiveAttention";

  private readonly units: number;
  private readonly seed: number;
  private readonly query: "learned" | "given";
  private readonly values: "tokens" | "given";
  private channels: string | number = "channels";
  private queryChannels: string | number = "query channels";

  constructor(args: AdditiveAttentionArgs) {
    super(args);
    this.units = requireWhole("AdditiveAttention", "units", args.units, 1);
    this.seed = requireWhole("AdditiveAttention", "seed", args.seed, 0);
    this.query = requireOneOf("AdditiveAttention", "query", args.query ?? "learned", ["learned", "given"]);
    this.values = requireOneOf("AdditiveAttention", "values", args.values ?? "tokens", ["tokens", "given"]);
  }

  protected inputShapes(): NamedShapes {
    return {
      tokens: ["batch", "positions", this.channels],
      ...(this.query === "given" ? { query: ["batch", this.queryChannels] } : {}),
      ...(this.values === "given" ? { values: ["batch", "positions", "value channels"] } : {}),
    };
  }

  /** Makes W_h, W_s, v and, where it is learned, y. */
  override build(inputShape: tf.Shape | tf.Shape[]): void {
    super.build(inputShape);
    const shapes = (Array.isArray(inputShape[0]) ? inputShape : [inputShape]) as tf.Shape[];
    this.channels = requireKnownSize(this, "channels", shapes[0]![2]);
    this.queryChannels =
      this.query === "given" ? requireKnownSize(this, "query channels", shapes[1]![1]) : this.units;
    this.addParameter("key_projection", [this.channels, this.units]);
    this.addParameter("query_projection", [this.queryChannels, this.units]);
    this.addWeight("score_vector", [this.units, 1], "float32", tf.initializers.zeros());
    if (this.query === "learned") this.addParameter("query", [1, this.units]);
  }

  /**
   * W_h, W_s and v, and y where it is learned (`[1, units]`): the layer's own variables, not copies.
   * @throws UserError before the layer is built
   */
  get parameters(): AdditiveParameters & { query?: tf.Tensor2D } {
    const [keyProjection, queryProjection, scoreVector, query] = this.builtWeights() as tf.Tensor2D[];
    return {
      keyProjection: keyProjection!,
      queryProjection: queryProjection!,
      scoreVector: scoreVector!,
      ...(query ? { query } : {}),
    };
  }

  protected weigh(inputs: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    const { query, ...parameters } = this.parameters;
    const scores = additiveScores(
      inputs.tokens as tf.Tensor3D,
      query ?? (inputs.query as tf.Tensor2D),
      parameters,
    );
    return softmaxWeights(scores, mask);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { units, seed, query, values } = this;
    return { ...super.getConfig(), units, seed, query, values };
  }

  private addParameter(name: string, shape: [number, number]): void {
    this.addWeight(name, shape, "float32", glorotUniform(this.seed, `AdditiveAttention/${name}`));
  }
}

tf.serialization.registerClass(AdditiveAttention);
