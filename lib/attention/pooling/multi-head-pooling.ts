import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import { requireHeads } from "../heads";
import { glorotUniform } from "../initial-weights";
import { softmaxWeights } from "../normalisers/softmax";
import { requireTensors } from "../require-tensors";
import { type NamedShapes, requireKnownSize } from "../shapes";
import { type PoolingArgs, type PoolingInputs, PoolingLayer } from "./pooling-layer";
import { projectByHead, scoresByHead } from "./query-heads";

/** What multi-head pooling learns. In the matrices of W_q, W_k and W_v the columns of a head lie together. */
export interface MultiHeadParameters {
  /** y, `[1, channels]`. */
  query: tf.Tensor2D;
  /** W_q, `[channels, channels]`. */
  queryProjection: tf.Tensor2D;
  /** W_k, `[channels, channels]`. */
  keyProjection: tf.Tensor2D;
  /** W_v, `[channels, channels]`. */
  valueProjection: tf.Tensor2D;
  /** W_o, `[channels, channels]`. */
  outputProjection: tf.Tensor2D;
}

/** What {@link MultiHeadPooling} is made with. */
export interface MultiHeadPoolingArgs extends PoolingArgs {
  /** Into how many parts the channels are split, each with a map of its own; a divisor of their number. */
  heads: number;
  /** Decides the initial weights: equal seeds, equal weights. Take it from `stream.tensorSeed()`. */
  seed: number;
}

/**
 * How well each position answers each head: e_hi = (W_q y)_h · (W_k x_i)_h / √(channels / heads).
 *
 * @param tokens x_i, `[batch, positions, channels]`
 * @returns scores e_hi, `[batch, heads, positions]`: any real numbers
 * @throws UserError for tensors whose shapes don't fit together or that are not float32, or heads that don't divide
 *   the channels
 */
export function multiHeadScores(
  tokens: tf.Tensor3D,
  { query, queryProjection, keyProjection }: MultiHeadParameters,
  heads: number,
): tf.Tensor3D {
  requireTensors("multiHeadScores", {
    tokens: [tokens, ["batch", "positions", "channels"]],
    query: [query, [1, "channels"]],
    queryProjection: [queryProjection, ["channels", "channels"]],
    keyProjection: [keyProjection, ["channels", "channels"]],
  });
  requireHeads("multiHeadScores", tokens.shape[2], heads);
  return tf.tidy(() =>
    scoresByHead(tokens, query.matMul(queryProjection) as tf.Tensor2D, keyProjection, heads),
  );
}

/**
 * Puts what the heads brought back together: W_o (W_v1 c_1, …, W_vH c_H). Projecting the mean of the tokens is
 * projecting each and taking the mean, for a fraction of the work.
 *
 * @param contexts c_h, the weighted mean of the whole tokens for each head, `[batch, heads, channels]`
 * @returns `[batch, channels]`
 * @throws UserError for tensors whose shapes don't fit together or that are not float32, or heads that don't divide
 *   the channels
 */
export function joinHeads(
  contexts: tf.Tensor3D,
  { valueProjection, outputProjection }: MultiHeadParameters,
): tf.Tensor2D {
  requireTensors("joinHeads", {
    contexts: [contexts, ["batch", "heads", "channels"]],
    valueProjection: [valueProjection, ["channels", "channels"]],
    outputProjection: [outputProjection, ["channels", "channels"]],
  });
  requireHeads("joinHeads", contexts.shape[2], contexts.shape[1]);
  return tf.tidy(() => tf.matMul(projectByHead(contexts, valueProjection), outputProjection));
}

/**
 * Multi-head attention pooling (MAP) with a learned query: every head asks for its own part of the channels.
 * e_hi = (W_q y)_h · (W_k x_i)_h / √(channels / heads), α_h = softmax(e_h),
 * c = W_o (W_v1 Σ α_1i x_i, …, W_vH Σ α_Hi x_i).
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, channels]`, weights
 * `[batch, heads, positions]`. A masked position gets weight exactly 0 whatever stands there; a row whose
 * positions are all masked gets zeros.
 *
 * The query y starts at zero and W_v and W_o at the identity, so that a new layer is mean pooling and what differs
 * later was learned; W_q and W_k start at Glorot's uniform draws.
 *
 * Sources: Lee et al., "Set Transformer", 2019 (https://arxiv.org/abs/1810.00825), section 3.2, PMA with one seed
 * vector; Zhai et al., "Scaling vision transformers", 2022 (https://arxiv.org/abs/2106.04560), the MAP head. Only
 * their attention is here. Left out are, of both, layer norm and the feed-forward part with its residual path
 * after the attention; of PMA also the query's residual path and the feed-forward part on the tokens. There are no
 * biases: on the keys one would be undone by the softmax, on the query it is part of what y learns, and on values
 * or output it adds the same to every context, as the classifier's bias does. Both papers start at random draws
 * throughout.
 *
 * @throws UserError for heads or a seed that is no whole number, and by the build for heads that don't divide the
 *   channels
 */
export class MultiHeadPooling extends PoolingLayer {
  static className = "MultiHeadPooling";

  private readonly heads: number;
  private readonly seed: number;
  private channels: string | number = "channels";

  constructor(args: MultiHeadPoolingArgs) {
    super(args);
    this.heads = requireWhole("MultiHeadPooling", "heads", args.heads, 1);
    this.seed = requireWhole("MultiHeadPooling", "seed", args.seed, 0);
  }

  protected inputShapes(): NamedShapes {
    return { tokens: ["batch", "positions", this.channels] };
  }

  protected override headCount(): number {
    return this.heads;
  }

  /** Makes y, W_q, W_k, W_v and W_o. */
  protected override addParameters([tokens]: readonly tf.Shape[]): void {
    const channels = requireKnownSize(this, "channels", tokens![2]);
    requireHeads(this.title, channels, this.heads);
    this.channels = channels;
    const square: tf.Shape = [channels, channels];
    const drawn = (name: string) => glorotUniform(this.seed, `MultiHeadPooling/${name}`);
    this.addWeight("query", [1, channels], "float32", tf.initializers.zeros());
    this.addWeight("query_projection", square, "float32", drawn("query_projection"));
    this.addWeight("key_projection", square, "float32", drawn("key_projection"));
    this.addWeight("value_projection", square, "float32", tf.initializers.identity({}));
    this.addWeight("output_projection", square, "float32", tf.initializers.identity({}));
  }

  /**
   * y, W_q, W_k, W_v and W_o: the layer's own variables, not copies.
   * @throws UserError before the layer is built
   */
  get parameters(): MultiHeadParameters {
    const [query, queryProjection, keyProjection, valueProjection, outputProjection] =
      this.builtWeights() as tf.Tensor2D[];
    return {
      query: query!,
      queryProjection: queryProjection!,
      keyProjection: keyProjection!,
      valueProjection: valueProjection!,
      outputProjection: outputProjection!,
    };
  }

  protected weigh({ tokens }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    return softmaxWeights(multiHeadScores(tokens as tf.Tensor3D, this.parameters, this.heads), mask);
  }

  /** The heads end up in one context: `[batch, 1, channels]`. */
  protected override pool(inputs: PoolingInputs, weights: tf.Tensor3D): tf.Tensor3D {
    return joinHeads(super.pool(inputs, weights), this.parameters).expandDims(1);
  }

  protected override contextSize([tokens]: readonly tf.Shape[]): number {
    return tokens![2]!;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { heads, seed } = this;
    return { ...super.getConfig(), heads, seed };
  }
}

tf.serialization.registerClass(MultiHeadPooling);
