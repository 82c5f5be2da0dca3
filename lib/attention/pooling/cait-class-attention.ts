import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import type { NamedTensors } from "../attention-layer";
import { layerNormalisation } from "../features/layer-normalisation";
import { requireHeads } from "../heads";
import { keepRows, withoutGradient } from "../mask";
import { softmaxWeights } from "../normalisers/softmax";
import { type FeedForwardParameters, feedForward, feedForwardFor } from "./feed-forward";
import { LearnedPooling, type LearnedPoolingArgs, type PoolingParameter } from "./learned-pooling";
import { joinHeads, type MultiHeadParameters, multiHeadScores } from "./multi-head-pooling";
import type { PoolingInputs } from "./pooling-layer";

/** Options of {@link CaitClassAttention}. */
export interface CaitClassAttentionArgs extends LearnedPoolingArgs {
  /** Into how many parts the channels are split, each with a map of its own; a divisor of their number. */
  heads: number;
}

/** What CaiT's class attention learns. */
export interface CaitClassAttentionParameters
  extends Omit<MultiHeadParameters, "query">,
    FeedForwardParameters {
  /** The class token y, `[1, channels]`. */
  classToken: tf.Tensor2D;
  /** Gain of the layer norm of class token and tokens, `[channels]`. */
  tokenGain: tf.Tensor1D;
  /** Offset of the layer norm of class token and tokens, `[channels]`. */
  tokenOffset: tf.Tensor1D;
  /** Gain of the last layer norm, `[channels]`. */
  lastGain: tf.Tensor1D;
  /** Offset of the last layer norm, `[channels]`. */
  lastOffset: tf.Tensor1D;
}

/**
 * CaiT's class attention: a learned class token y stands beside the tokens, and it alone attends, to them and to itself.
 * With x_0 = norm(y), x_i = norm(h_i) every head weighs n + 1 tokens,
 * e_hi = (W_q x_0)_h · (W_k x_i)_h / √(channels / heads), α_h = softmax(e_h), and then
 * z = y + W_o (W_v1 Σ α_1i x_i, …, W_vH Σ α_Hi x_i), c = norm(z + W_2 gelu(W_1 norm(z) + b_1) + b_2).
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, channels]`, weights
 * `[batch, heads, positions]`, which sum to less than one: what is missing is the class token's weight for itself. A masked
 * position gets weight exactly 0 whatever stands there; a row whose positions are all masked gets zeros.
 *
 * W_q starts at zero, so that a new layer weighs the positions and the class token the same, W_v and W_o at the identity,
 * W_2 and the biases at zero: it is near the normalised mean of the normalised tokens, and what differs later was learned.
 * It can't start as mean pooling, since the class token has a part in the average and a layer norm comes last. The class
 * token starts at truncated normal draws of standard deviation 0.02, as in the paper; W_k and W_1 at Glorot's uniform ones.
 *
 * Source: Touvron et al., "Going deeper with image transformers", 2021 (https://arxiv.org/abs/2103.17239), section 3: one
 * layer of class attention with its feed-forward part. Deviations: no LayerScale, whose factors W_o and W_2 can hold, and
 * no biases around the attention (on the keys one would be undone by the softmax; the others add the same to every
 * context, as y does). The paper stacks two such layers.
 *
 * @throws UserError for heads or a seed that is no whole number, and by the build for heads that don't divide the
 *   channels
 */
export class CaitClassAttention extends LearnedPooling<CaitClassAttentionParameters> {
  static className = "CaitClassAttention";

  private readonly heads: number;

  constructor(args: CaitClassAttentionArgs) {
    super(args);
    this.heads = requireWhole("CaitClassAttention", "heads", args.heads, 1);
  }

  protected parametersFor(channels: number): Record<keyof CaitClassAttentionParameters, PoolingParameter> {
    requireHeads(this.title, channels, this.heads);
    const square = [channels, channels];
    return {
      classToken: { shape: [1, channels], start: "near zero" },
      tokenGain: { shape: [channels], start: "ones" },
      tokenOffset: { shape: [channels], start: "zeros" },
      queryProjection: { shape: square, start: "zeros" },
      keyProjection: { shape: square, start: "Glorot" },
      valueProjection: { shape: square, start: "identity" },
      outputProjection: { shape: square, start: "identity" },
      ...feedForwardFor(channels),
      lastGain: { shape: [channels], start: "ones" },
      lastOffset: { shape: [channels], start: "zeros" },
    };
  }

  protected override headCount(): number {
    return this.heads;
  }

  /** x_0 … x_n, `[batch, 1 + positions, channels]`, and x_0 alone, `[1, channels]`. */
  protected override prepare(inputs: PoolingInputs, mask?: tf.Tensor2D): PoolingInputs {
    const { classToken, tokenGain, tokenOffset } = this.parameters;
    const tokens = layerNormalisation(inputs.tokens as tf.Tensor3D, tokenGain, tokenOffset, mask);
    const first = layerNormalisation(classToken.expandDims(0), tokenGain, tokenOffset);
    // Multiplied, not tiled: so the gradient is summed over the batch.
    const shared = tf.ones([tokens.shape[0], 1, 1]).mul<tf.Tensor3D>(first);
    return { tokens: tf.concat([shared, tokens], 1), query: first.squeeze([0]) };
  }

  /** Weights of the class token and the positions, `[batch, heads, 1 + positions]`. */
  protected weigh({ tokens, query }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    const { queryProjection, keyProjection, valueProjection, outputProjection } = this.parameters;
    const projections = { queryProjection, keyProjection, valueProjection, outputProjection };
    const asked = { ...projections, query: query as tf.Tensor2D };
    return softmaxWeights(multiHeadScores(tokens as tf.Tensor3D, asked, this.heads), mask && withClass(mask));
  }

  /** The heads end up in one context: `[batch, 1, channels]`. */
  protected override pool(inputs: PoolingInputs, weights: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
    const { classToken, lastGain, lastOffset, ...parameters } = this.parameters;
    const joined = joinHeads(super.pool(inputs, weights), { ...parameters, query: classToken });
    const block = feedForward(joined.add<tf.Tensor2D>(classToken).expandDims(1), parameters);
    const context = layerNormalisation(block, lastGain, lastOffset);
    // Of no position at all the class token and the biases would be left.
    return mask ? keepRows(context, mask) : context;
  }

  /** The class token's weight for itself belongs to no position: it is not given back. */
  protected override compute(inputs: NamedTensors, options: NamedTensors): tf.Tensor[] {
    const [context, weights] = super.compute(inputs, options);
    const [batch, heads, count] = weights!.shape as [number, number, number];
    return [context!, weights!.slice([0, 0, 1], [batch, heads, count - 1])];
  }

  protected override contextSize([tokens]: readonly tf.Shape[]): number {
    return tokens![2]!;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), heads: this.heads };
  }
}

/** The mask of the positions, and before it the class token, which always counts. */
function withClass(mask: tf.Tensor2D): tf.Tensor2D {
  return withoutGradient(() => tf.concat2d([tf.ones([mask.shape[0], 1]), mask.toBool().toFloat()], 1));
}

tf.serialization.registerClass(CaitClassAttention);
