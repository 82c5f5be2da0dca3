import * as tf from "@tensorflow/tfjs";
import { type NamedShapes, requireKnownSize } from "../shapes";
import { multiHeadAttention } from "./multi-head-attention";
import { MultiHeadLayer } from "./multi-head-layer";

/** What a call of cross-attention may be told beside its inputs. */
export interface CrossAttentionCallOptions {
  /** `[batch, positions]`, true or non-zero where a position of the tokens may be attended to; all by default. */
  mask?: tf.Tensor2D;
}

/**
 * Multi-head cross-attention: the features of one set ask the tokens of another, A = softmax(Q Kᵀ / √d), and get
 * A V; Q comes from the features, K and V come from the tokens. See `multiHeadAttention`.
 *
 * `apply([tokens [batch, positions, token channels], queries [batch, queries, channels]], { mask })` → features of
 * the queries' shape; with `returnWeights: true` `[features, weights]`, where the weights A are
 * `[batch, heads, queries, positions]`: row q of a head's matrix says where query q looks. There is no residual:
 * add the queries where one is wanted.
 *
 * The tokens come first, as in every attention layer, and the mask is theirs: a masked one gets weight exactly 0.
 * In a model a mask of the queries goes on with the features.
 *
 * Source: Vaswani et al. 2017 (https://arxiv.org/abs/1706.03762), sections 3.2.2 and 3.2.3 ("encoder-decoder
 * attention").
 *
 * @throws UserError for heads or a seed that is no whole number
 */
export class CrossAttention<Returns extends boolean = false> extends MultiHeadLayer<
  CrossAttentionCallOptions,
  Returns
> {
  static className = "CrossAttention";
  private tokenChannels: string | number = "token channels";
  private channels: string | number = "channels";

  protected inputShapes(): NamedShapes {
    return {
      tokens: ["batch", "positions", this.tokenChannels],
      queries: ["batch", "queries", this.channels],
    };
  }

  protected override optionShapes(): NamedShapes {
    return { mask: ["batch", "positions"] };
  }

  protected addParameters([tokens, queries]: readonly tf.Shape[]): void {
    const tokenChannels = requireKnownSize(this, "token channels", tokens![2]);
    const channels = requireKnownSize(this, "channels", queries![2]);
    this.addProjections(channels, tokenChannels);
    this.tokenChannels = tokenChannels;
    this.channels = channels;
  }

  protected attend(
    [tokens, queries]: readonly tf.Tensor[],
    { mask }: CrossAttentionCallOptions,
  ): [tf.Tensor3D, tf.Tensor4D] {
    const { features, weights } = multiHeadAttention(
      queries as tf.Tensor3D,
      tokens as tf.Tensor3D,
      this.parameters,
      { heads: this.heads, mask },
    );
    return [features, weights];
  }

  protected outputShapes([tokens, queries]: readonly tf.Shape[]): tf.Shape[] {
    const [batch, count] = queries as number[];
    return [queries!, [batch!, this.heads, count!, tokens![1]!]];
  }

  override computeMask(
    _inputs: tf.Tensor | tf.Tensor[],
    mask?: tf.Tensor | tf.Tensor[],
  ): tf.Tensor | tf.Tensor[] {
    return this.outputMasks([mask].flat()[1], 1);
  }
}

tf.serialization.registerClass(CrossAttention);
