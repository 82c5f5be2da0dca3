import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import { layerNormalisation } from "../features/layer-normalisation";
import { requireHeads } from "../heads";
import { keepRows } from "../mask";
import { softmaxWeights } from "../normalisers/softmax";
import { type FeedForwardParameters, feedForward, feedForwardFor } from "./feed-forward";
import { LearnedPooling, type LearnedPoolingArgs, type PoolingParameter } from "./learned-pooling";
import { joinHeads, type MultiHeadParameters, multiHeadScores } from "./multi-head-pooling";
import type { PoolingInputs } from "./pooling-layer";

/** Options of {@link JepaAttentiveBlock}. */
export interface JepaAttentiveBlockArgs extends LearnedPoolingArgs {
  /** Into how many parts the channels are split, each with a map of its own; a divisor of their number. */
  heads: number;
}

/** What V-JEPA's block learns. */
export interface JepaAttentiveBlockParameters extends MultiHeadParameters, FeedForwardParameters {
  /** Gain of the tokens' layer norm, `[channels]`. */
  tokenGain: tf.Tensor1D;
  /** Offset of the tokens' layer norm, `[channels]`. */
  tokenOffset: tf.Tensor1D;
}

/**
 * V-JEPA's attentive probe: a whole block of cross-attention with one learned query y. With x_i = norm(h_i) every head
 * attends, e_hi = (W_q y)_h · (W_k x_i)_h / √(channels / heads), α_h = softmax(e_h), and then
 * z = y + W_o (W_v1 Σ α_1i x_i, …, W_vH Σ α_Hi x_i), c = z + W_2 gelu(W_1 norm(z) + b_1) + b_2.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, channels]`, weights
 * `[batch, heads, positions]`. A masked position gets weight exactly 0 whatever stands there; a row whose positions are
 * all masked gets zeros.
 *
 * y, W_2 and the biases start at zero, W_v and W_o at the identity, so that a new layer is the mean of the normalised
 * tokens, and what differs later was learned. It can't start as the mean of the tokens themselves, which the layer norm
 * changes. W_q, W_k and W_1 start at Glorot's uniform draws.
 *
 * Source: Bardes et al., "Revisiting feature prediction for learning visual representations from video", 2024
 * (https://arxiv.org/abs/2404.08471), the attentive probe of its frozen evaluation. Deviations: no biases around the
 * attention (on the keys one would be undone by the softmax; those on query, values and output add the same to every
 * context, as y does); the authors draw all of it (standard deviation 0.02).
 *
 * @throws UserError for heads or a seed that is no whole number, and by the build for heads that don't divide the
 *   channels
 */
export class JepaAttentiveBlock extends LearnedPooling<JepaAttentiveBlockParameters> {
  static className = "JepaAttentiveBlock";

  private readonly heads: number;

  constructor(args: JepaAttentiveBlockArgs) {
    super(args);
    this.heads = requireWhole("JepaAttentiveBlock", "heads", args.heads, 1);
  }

  protected parametersFor(channels: number): Record<keyof JepaAttentiveBlockParameters, PoolingParameter> {
    requireHeads(this.title, channels, this.heads);
    const square = [channels, channels];
    return {
      tokenGain: { shape: [channels], start: "ones" },
      tokenOffset: { shape: [channels], start: "zeros" },
      query: { shape: [1, channels], start: "zeros" },
      queryProjection: { shape: square, start: "Glorot" },
      keyProjection: { shape: square, start: "Glorot" },
      valueProjection: { shape: square, start: "identity" },
      outputProjection: { shape: square, start: "identity" },
      ...feedForwardFor(channels),
    };
  }

  protected override headCount(): number {
    return this.heads;
  }

  protected override prepare({ tokens }: PoolingInputs, mask?: tf.Tensor2D): PoolingInputs {
    const { tokenGain, tokenOffset } = this.parameters;
    return { tokens: layerNormalisation(tokens as tf.Tensor3D, tokenGain, tokenOffset, mask) };
  }

  protected weigh({ tokens }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    return softmaxWeights(multiHeadScores(tokens as tf.Tensor3D, this.parameters, this.heads), mask);
  }

  /** The heads end up in one context: `[batch, 1, channels]`. */
  protected override pool(inputs: PoolingInputs, weights: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
    const { parameters } = this;
    const attended = joinHeads(super.pool(inputs, weights), parameters).add<tf.Tensor2D>(parameters.query);
    const context = feedForward(attended.expandDims(1), parameters);
    // Of no position at all y and the biases would be left.
    return mask ? keepRows(context, mask) : context;
  }

  protected override contextSize([tokens]: readonly tf.Shape[]): number {
    return tokens![2]!;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), heads: this.heads };
  }
}

tf.serialization.registerClass(JepaAttentiveBlock);
