import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../runtime/user-error";
import { requireOneOf, requireWhole } from "../arguments";
import { clearMasked } from "../mask";
import { type NamedShapes, requireKnownSize } from "../shapes";
import { multiHeadAttention } from "./multi-head-attention";
import { type MultiHeadArgs, MultiHeadLayer } from "./multi-head-layer";
import { relativePositionBias } from "./relative-positions";

const positionNames = ["none", "learned", "relative"] as const;

/** What {@link SelfAttention} is made with: heads, and what it knows of the places. */
export interface SelfAttentionArgs<Returns extends boolean = boolean> extends MultiHeadArgs<Returns> {
  /**
   * What is known of the places, nothing by default:
   * - `none`: the tokens are a set; permuting them permutes the features
   * - `learned`: a vector for each position is added to its token (Vaswani et al. 2017, section 3.5)
   * - `relative`: a number for each offset on the grid is added to the scores (Liu et al. 2021, equation 4)
   */
  positions?: (typeof positionNames)[number];
  /**
   * The grid that the tokens came from, such as `[rows, columns]` of an image (row by row), `[positions]` of a series or
   * `[depth, rows, columns]` of a volume; `relative` needs it, no other does.
   */
  grid?: readonly number[];
}

/** What a call of self-attention may be told beside its tokens. */
export interface SelfAttentionCallOptions {
  /**
   * `[batch, positions]`: 1 (or true, or all but zero) where a position may be attended to, 0 where not, whatever stands
   * there; all may by default.
   */
  mask?: tf.Tensor2D;
  /**
   * `[batch, heads, positions, positions]`, added to the weights: zeros change nothing, and the gradient of a loss
   * with respect to them is its gradient with respect to the weights.
   */
  probe?: tf.Tensor4D;
}

/**
 * Multi-head self-attention: every position asks all positions, A = softmax(Q Kᵀ / √d + B), and gets A V, with Q, K and V
 * linear maps of the tokens and d the channels of a head. The heads lie side by side and go through one last linear map.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → features of the same shape; with
 * `returnWeights: true` `[features, weights]`, where the weights A are `[batch, heads, positions, positions]`: row
 * q of a head's matrix says where position q looks. There is no residual: add the tokens where one is wanted.
 *
 * A masked position gets weight exactly 0 from every position, whatever stands there; it still gets features of its
 * own, those of a token of zeros, and the mask goes on with the features.
 *
 * Sources: Vaswani et al. 2017 (https://arxiv.org/abs/1706.03762), section 3.2; for relative positions, the B
 * above, Liu et al. 2021 (https://arxiv.org/abs/2103.14030), equation 4, which suits grids: Shaw et al. 2018
 * (https://arxiv.org/abs/1803.02155) counts offsets along one axis. Both kinds of positions start near zero
 * (truncated normal draws of standard deviation 0.02, as in Swin).
 *
 * @throws UserError for heads or a seed that is no whole number, unknown positions, and `relative` without a grid
 */
export class SelfAttention<Returns extends boolean = false> extends MultiHeadLayer<
  SelfAttentionCallOptions,
  Returns
> {
  static className = "SelfAttention";
  private readonly positions: (typeof positionNames)[number];
  private readonly grid: readonly number[] | undefined;
  private channels: string | number = "channels";
  private positionCount: string | number = "positions";

  constructor({ positions, grid, ...args }: SelfAttentionArgs<Returns>) {
    super(args);
    this.positions = requireOneOf("SelfAttention", "positions", positions ?? "none", positionNames);
    // A saved layer has null where nothing was given.
    this.grid = grid ?? undefined;
    if ((this.positions === "relative") !== (this.grid !== undefined)) {
      throw new UserError(
        "SelfAttention: relative positions take a grid, and only they do: give both, as in " +
          '{ positions: "relative", grid: [14, 14] }, or neither.',
      );
    }
    if (this.grid) {
      if (!Array.isArray(this.grid) || this.grid.length === 0) {
        throw new UserError(
          "SelfAttention: grid must be a list of sizes, such as [14, 14], one for each axis.",
        );
      }
      const sizes = this.grid.map((size) => requireWhole("SelfAttention", "grid", size, 1));
      this.positionCount = sizes.reduce((product, size) => product * size);
    }
  }

  protected inputShapes(): NamedShapes {
    return { tokens: ["batch", this.positionCount, this.channels] };
  }

  protected override optionShapes(): NamedShapes {
    const count = this.positionCount;
    return { mask: ["batch", count], probe: ["batch", this.heads, count, count] };
  }

  protected addParameters([tokens]: readonly tf.Shape[]): void {
    const channels = requireKnownSize(this, "channels", tokens![2]);
    const count = this.positions === "learned" ? requireKnownSize(this, "positions", tokens![1]) : undefined;
    this.addProjections(channels, channels);
    this.channels = channels;
    if (count !== undefined) {
      this.positionCount = count;
      this.addParameter("positions", [count, channels], "near zero");
    }
    if (this.grid) {
      const offsets = this.grid.map((size) => 2 * size - 1);
      this.addParameter("positions", [...offsets, this.heads], "near zero");
    }
  }

  /**
   * What was learned of the places, the layer's own variable: `[positions, channels]` where they are `learned`,
   * one number for each offset and head, `[2 · rows − 1, 2 · columns − 1, heads]` of an image, where they are `relative`
   * (see `relativePositionBias`), else undefined.
   * @throws UserError before the layer is built
   */
  get positionParameter(): tf.Tensor | undefined {
    return this.builtWeights()[7];
  }

  protected attend(
    [tokens]: readonly tf.Tensor[],
    options: SelfAttentionCallOptions,
  ): [tf.Tensor3D, tf.Tensor4D] {
    // A masked position asks too: cleared here, it asks as a token of zeros, whatever stands there.
    const clean = options.mask ? clearMasked(tokens!, options.mask) : tokens!;
    const placed = this.positions === "learned" ? clean.add<tf.Tensor3D>(this.positionParameter!) : clean;
    const { features, weights } = multiHeadAttention(
      placed as tf.Tensor3D,
      placed as tf.Tensor3D,
      this.parameters,
      {
        ...options,
        heads: this.heads,
        scoreBias: this.grid && relativePositionBias(this.positionParameter!),
      },
    );
    return [features, weights];
  }

  protected outputShapes([tokens]: readonly tf.Shape[]): tf.Shape[] {
    const [batch, positions] = tokens as number[];
    return [tokens!, [batch!, this.heads, positions!, positions!]];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { positions, grid } = this;
    return { ...super.getConfig(), positions, grid: grid ? [...grid] : null };
  }
}

tf.serialization.registerClass(SelfAttention);
