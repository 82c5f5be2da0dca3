import * as tf from "@tensorflow/tfjs";
import type { AdditiveParameters } from "../scores/additive";
import { AttentionPooling } from "./attention-pooling";
import type { PoolingArgs } from "./pooling-layer";

/** What {@link AdditiveAttention} is made with. */
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
 * Additive attention: e_i = vᵀ tanh(W_h h_i + W_s y), α = softmax(e), c = Σ α_i x_i. It is the member of
 * `AttentionPooling` with the additive score, softmax and one query, under the name that it has in the field.
 *
 * `apply(inputs, { mask })` → context `[batch, value channels]`, weights `[batch, 1, positions]`, where
 * `inputs` is the tokens alone, or a list of them with what else is given, in this order:
 * - tokens, the keys h_i, `[batch, positions, channels]`
 * - query y, `[batch, query channels]`, with `query: "given"`
 * - values x_i, `[batch, positions, value channels]`, with `values: "given"`; else the tokens are the values
 *
 * A masked position gets weight exactly 0 whatever stands there; a row whose positions are all masked gets zeros.
 *
 * v starts at zero, as in the paper, so that a new layer gives all positions the same weight: it starts as mean
 * pooling, and what differs later was learned. W_h, W_s and y start at Glorot's uniform draws.
 *
 * Source: Bahdanau, Cho and Bengio 2015 (https://arxiv.org/abs/1409.0473), section 3.1 and appendix A.1.2.
 * Deviations: the paper's query is the state of a translator's decoder, here it may be a learned parameter of
 * `units` numbers, so that W_s y is one learned vector inside the tanh; the paper draws W_h and W_s with a
 * standard deviation of 0.001 (its appendix B.1).
 *
 * `parameters` are W_h, W_s and v, and y where it is learned (`[1, units]`): the layer's own variables, not copies.
 *
 * @throws UserError for units or a seed that is no whole number, or an unknown option
 */
export class AdditiveAttention extends AttentionPooling<AdditiveParameters & { query?: tf.Tensor2D }> {
  static override className = "AdditiveAttention";

  constructor({ units, ...args }: AdditiveAttentionArgs) {
    super({ ...args, score: { kind: "additive", units } });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { score, normaliser, queries, ...config } = super.getConfig();
    return { ...config, units: (score as { units: number }).units };
  }
}

tf.serialization.registerClass(AdditiveAttention);
