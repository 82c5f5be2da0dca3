import * as tf from "@tensorflow/tfjs";
import type { NamedTensors } from "../attention-layer";
import { clearMasked } from "../mask";
import { type NamedShapes, requireKnownSize } from "../shapes";
import { multiHeadAttention } from "./multi-head-attention";
import { MultiHeadLayer } from "./multi-head-layer";

/** What a call of cross-attention may be told beside its inputs. */
export interface CrossAttentionCallOptions {
  /**
   * `[batch, positions]`: 1 (or true, or all but zero) where a position of the tokens may be attended to, 0 where not,
   * whatever stands there; all may by default.
   */
  mask?: tf.Tensor2D;
  /**
   * `[batch, queries]`: 1 where a query counts, 0 where it was only filled up. It gets the features of a query of zeros,
   * so that whatever stands there has no effect; all count by default.
   */
  queryMask?: tf.Tensor2D;
}

/**
 * Multi-head cross-attention: the features of one set ask the tokens of another, A = softmax(Q Kᵀ / √d), and get
 * A V; Q comes from the features, K and V come from the tokens, and d is the number of channels of a
 * head. The heads lie side by side and go through one last linear map.
 *
 * `apply([tokens [batch, positions, token channels], queries [batch, queries, channels]], { mask, queryMask })` →
 * features of the queries' shape; with `returnWeights: true` `[features, weights]`, where the weights A are
 * `[batch, heads, queries, positions]`: row q of a head's matrix says where query q looks. There is no residual:
 * add the queries where one is wanted.
 *
 * The tokens come first, as in every attention layer, and the mask is theirs: a masked one gets weight exactly 0,
 * whatever stands there.
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
    return { mask: ["batch", "positions"], queryMask: ["batch", "queries"] };
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
    { mask, queryMask }: CrossAttentionCallOptions,
  ): [tf.Tensor3D, tf.Tensor4D] {
    const { features, weights } = multiHeadAttention(
      (queryMask ? clearMasked(queries!, queryMask) : queries) as tf.Tensor3D,
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

  protected override featuresOf(): number {
    return 1;
  }

  protected override readOptions(options: Record<string, unknown>): NamedTensors {
    const queryMask = Array.isArray(options.mask) ? options.mask[1] : options.queryMask;
    return { ...super.readOptions(options), queryMask };
  }
}

tf.serialization.registerClass(CrossAttention);
