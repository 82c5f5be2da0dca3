import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../runtime/user-error";
import { requireOneOf, requireWhole } from "../arguments";
import { type NamedShapes, requireKnownSize } from "../shapes";
import { multiHeadAttention } from "./multi-head-attention";
import { type MultiHeadArgs, MultiHeadLayer } from "./multi-head-layer";
import { relativePositionBias } from "./relative-positions";

const positionNames = ["none", "learned", "relative"] as const;

export interface SelfAttentionArgs<Returns extends boolean = boolean> extends MultiHeadArgs<Returns> {
  /**
   * What is known of the places, nothing by default:
   * - `none`: the tokens are a set; permuting them permutes the features
   * - `learned`: a vector for each position is added to its token (Vaswani et al. 2017, section 3.5)
   * - `relative`: a number for each offset on the grid is added to the scores (Liu et al. 2021, equation 4)
   */
  positions?: (typeof positionNames)[number];
  /** Rows and columns of the grid that the tokens came from, row by row; `relative` needs it, no other does. */
  grid?: readonly [rows: number, columns: number];
}

/** What a call of self-attention may be told beside its tokens. */
export interface SelfAttentionCallOptions {
  /** `[batch, positions]`, true or non-zero where a position may be attended to; all may by default. */
  mask?: tf.Tensor2D;
  /**
   * `[batch, heads, positions, positions]`, added to the weights: zeros change nothing, and the gradient of a loss
   * with respect to them is its gradient with respect to the weights.
   */
  probe?: tf.Tensor4D;
}

/**
 * Multi-head self-attention: every position asks all positions, A = softmax(Q Kᵀ / √d + B), and gets A V; see
 * `multiHeadAttention`.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → features of the same shape; with
 * `returnWeights: true` `[features, weights]`, where the weights A are `[batch, heads, positions, positions]`: row
 * q of a head's matrix says where position q looks. There is no residual: add the tokens where one is wanted.
 *
 * A masked position gets weight exactly 0 from every position; it still gets features of its own, and the mask
 * goes on with the features.
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
  private readonly grid: readonly [number, number] | undefined;
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
      const [rows, columns] = this.grid;
      this.positionCount =
        requireWhole("SelfAttention", "grid", rows, 1) * requireWhole("SelfAttention", "grid", columns, 1);
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
    this.addProjections(channels, channels);
    this.channels = channels;
    if (this.positions === "learned") {
      this.positionCount = requireKnownSize(this, "positions", tokens![1]);
      this.addParameter("positions", [this.positionCount, channels], "near zero");
    }
    if (this.grid) {
      const [rows, columns] = this.grid;
      this.addParameter("positions", [2 * rows - 1, 2 * columns - 1, this.heads], "near zero");
    }
  }

  /**
   * What was learned of the places, the layer's own variable: `[positions, channels]` where they are `learned`,
   * `[2 · rows − 1, 2 · columns − 1, heads]` where they are `relative` (see `relativePositionBias`), else undefined.
   * @throws UserError before the layer is built
   */
  get positionParameter(): tf.Tensor | undefined {
    return this.builtWeights()[7];
  }

  protected attend(
    [tokens]: readonly tf.Tensor[],
    options: SelfAttentionCallOptions,
  ): [tf.Tensor3D, tf.Tensor4D] {
    const placed = this.positions === "learned" ? tokens!.add<tf.Tensor3D>(this.positionParameter!) : tokens!;
    const { features, weights } = multiHeadAttention(
      placed as tf.Tensor3D,
      placed as tf.Tensor3D,
      this.parameters,
      {
        ...options,
        heads: this.heads,
        scoreBias: this.grid && relativePositionBias(this.positionParameter as tf.Tensor3D),
      },
    );
    return [features, weights];
  }

  protected outputShapes([tokens]: readonly tf.Shape[]): tf.Shape[] {
    const [batch, positions] = tokens as number[];
    return [tokens!, [batch!, this.heads, positions!, positions!]];
  }

  override computeMask(
    _inputs: tf.Tensor | tf.Tensor[],
    mask?: tf.Tensor | tf.Tensor[],
  ): tf.Tensor | tf.Tensor[] {
    return this.outputMasks([mask].flat()[0], 1);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { positions, grid } = this;
    return { ...super.getConfig(), positions, grid: grid ? [...grid] : null };
  }
}

tf.serialization.registerClass(SelfAttention);
