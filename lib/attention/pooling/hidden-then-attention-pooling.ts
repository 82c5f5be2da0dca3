import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import { softmaxWeights } from "../normalisers/softmax";
import { type AdditiveParameters, additiveScores } from "../scores/additive";
import { type HiddenLayerParameters, hiddenLayer, hiddenLayerFor } from "./hidden-layer";
import { LearnedPooling, type LearnedPoolingArgs, type PoolingParameter } from "./learned-pooling";
import type { PoolingInputs } from "./pooling-layer";

/** Options of attention on a hidden layer of every token. */
export interface HiddenThenAttentionArgs extends LearnedPoolingArgs {
  /** How many numbers the hidden layer makes of a token: the size of the context. */
  hiddenUnits: number;
  /** How many numbers stand between W_h, W_s and v: the width of the tanh. */
  units: number;
}

/** What the hidden layer and the attention above it learn. */
export interface HiddenThenAttentionParameters extends HiddenLayerParameters, AdditiveParameters {
  /** y, `[1, units]`. */
  query: tf.Tensor2D;
}

/**
 * A hidden layer on every token, then additive attention on what it made: g_i = max(0, W h_i + b),
 * e_i = vᵀ tanh(W_h g_i + W_s y), α = softmax(e), c = Σ α_i g_i. Beside `HiddenThenMeanPooling` with as many hidden units
 * it says what attention adds to a hidden layer.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, hiddenUnits]`, weights
 * `[batch, 1, positions]`. A masked position gets weight exactly 0 whatever stands there; a row whose positions are all
 * masked gets zeros.
 *
 * v starts at zero, so that a new layer is the mean of the hidden layer (not of the tokens, which a hidden layer can't let
 * through) and what differs later was learned; b starts at zero too, all else at Glorot's uniform draws.
 *
 * Source: Bahdanau, Cho and Bengio 2015 (https://arxiv.org/abs/1409.0473), appendix A.1.2, for the attention; see
 * `AdditiveAttention`. The hidden layer is common practice.
 *
 * @throws UserError for units or a seed that is no whole number
 */
export class HiddenThenAttentionPooling extends LearnedPooling<HiddenThenAttentionParameters> {
  static className = "HiddenThenAttentionPooling";

  private readonly hiddenUnits: number;
  private readonly units: number;

  constructor(args: HiddenThenAttentionArgs) {
    super(args);
    this.hiddenUnits = requireWhole("HiddenThenAttentionPooling", "hiddenUnits", args.hiddenUnits, 1);
    this.units = requireWhole("HiddenThenAttentionPooling", "units", args.units, 1);
  }

  protected parametersFor(channels: number): Record<keyof HiddenThenAttentionParameters, PoolingParameter> {
    const { hiddenUnits, units } = this;
    return {
      ...hiddenLayerFor(channels, hiddenUnits),
      keyProjection: { shape: [hiddenUnits, units], start: "Glorot" },
      queryProjection: { shape: [units, units], start: "Glorot" },
      scoreVector: { shape: [units, 1], start: "zeros" },
      query: { shape: [1, units], start: "Glorot" },
    };
  }

  /** What attention sees and averages are the hidden layer's tokens: computed once, before both. */
  protected override prepare(inputs: PoolingInputs): PoolingInputs {
    return { tokens: hiddenLayer(inputs.tokens as tf.Tensor3D, this.parameters) };
  }

  protected weigh({ tokens }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    const { query, ...additive } = this.parameters;
    return softmaxWeights(additiveScores(tokens as tf.Tensor3D, query, additive), mask);
  }

  protected override contextSize(): number {
    return this.hiddenUnits;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { hiddenUnits, units } = this;
    return { ...super.getConfig(), hiddenUnits, units };
  }
}

tf.serialization.registerClass(HiddenThenAttentionPooling);
