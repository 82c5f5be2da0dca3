import * as tf from "@tensorflow/tfjs";
import { requireOneOf, requirePositive, requireWhole } from "../arguments";
import { softmaxWeights } from "../normalisers/softmax";
import { type AdditiveParameters, additiveScores } from "../scores/additive";
import { LearnedPooling, type LearnedPoolingArgs, type PoolingParameter } from "./learned-pooling";
import type { PoolingInputs } from "./pooling-layer";

const frozenParts = ["vector", "score"] as const;

/** Options of attention whose score is drawn and not, or not wholly, trained. */
export interface FrozenScoreArgs extends LearnedPoolingArgs {
  /** How many numbers stand between W_h, W_s and v: the width of the tanh. */
  units: number;
  /**
   * What stays as it was drawn. `vector`: v alone, while W_h, W_s and y learn; they can learn to look somewhere all the
   * same. `score`: all of it, so that nothing of where it looks is learned.
   */
  frozen: (typeof frozenParts)[number];
  /**
   * What v's draws are multiplied with, above 0; 1 by default. The larger, the fewer positions share the weight: it can be
   * set so that as many positions count as under an attention that was trained.
   */
  scale?: number;
}

/** What the score is made of. */
export interface FrozenScoreParameters extends AdditiveParameters {
  /** y, `[1, units]`. */
  query: tf.Tensor2D;
}

/**
 * Additive attention with a score vector that is drawn and never trained: e_i = vᵀ tanh(W_h h_i + W_s y),
 * α = softmax(e), c = Σ α_i h_i. The control of choosing: weights as uneven as attention's, over positions that nobody
 * taught it.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, channels]`, weights
 * `[batch, 1, positions]`. A masked position gets weight exactly 0 whatever stands there; a row whose positions are all
 * masked gets zeros.
 *
 * v starts, and stays, at Glorot's uniform draws times `scale`; W_h, W_s and y start at Glorot's uniform draws. A new
 * layer is no mean pooling: it could never become anything else by v.
 *
 * Source: the score is that of Bahdanau, Cho and Bengio 2015 (https://arxiv.org/abs/1409.0473), appendix A.1.2; see
 * `AdditiveAttention`, whose v starts at zero and learns.
 *
 * @throws UserError for units or a seed that is no whole number, an unknown `frozen`, or a scale that is not above 0
 */
export class FrozenScoreAttention extends LearnedPooling<FrozenScoreParameters> {
  static className = "FrozenScoreAttention";

  private readonly units: number;
  private readonly frozen: (typeof frozenParts)[number];
  private readonly scale: number;

  constructor(args: FrozenScoreArgs) {
    super(args);
    this.units = requireWhole("FrozenScoreAttention", "units", args.units, 1);
    this.frozen = requireOneOf("FrozenScoreAttention", "frozen", args.frozen, frozenParts);
    this.scale = requirePositive("FrozenScoreAttention", "scale", args.scale ?? 1);
  }

  protected parametersFor(channels: number): Record<keyof FrozenScoreParameters, PoolingParameter> {
    const { units, scale } = this;
    const frozen = this.frozen === "score";
    return {
      keyProjection: { shape: [channels, units], start: "Glorot", frozen },
      queryProjection: { shape: [units, units], start: "Glorot", frozen },
      query: { shape: [1, units], start: "Glorot", frozen },
      scoreVector: { shape: [units, 1], start: "Glorot", scale, frozen: true },
    };
  }

  protected weigh({ tokens }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    const { query, ...additive } = this.parameters;
    return softmaxWeights(additiveScores(tokens as tf.Tensor3D, query, additive), mask);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { units, frozen, scale } = this;
    return { ...super.getConfig(), units, frozen, scale };
  }
}

tf.serialization.registerClass(FrozenScoreAttention);
