import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../runtime/user-error";
import { requireWhole } from "../arguments";
import { softmaxWeights } from "../normalisers/softmax";
import { classScores } from "./class-attention";
import { LearnedPooling, type LearnedPoolingArgs, type PoolingParameter } from "./learned-pooling";
import type { PoolingInputs } from "./pooling-layer";
import { projectByHead } from "./query-heads";

/** Options of {@link EfficientProbing}. */
export interface EfficientProbingArgs extends LearnedPoolingArgs {
  /** How many queries are learned, each with a map and a slice of the context of its own; a divisor of the channels. */
  queries: number;
}

/** What efficient probing learns. */
export interface EfficientProbingParameters {
  /** The queries y_k, `[queries, channels]`. */
  queries: tf.Tensor2D;
  /** W_v, `[channels, channels]`; the columns of a query's slice lie together. */
  valueProjection: tf.Tensor2D;
}

/**
 * Efficient probing: several learned queries ask the tokens themselves, without a projection of keys, and each pools a
 * slice of its own of the channels of the projected values: e_ki = y_kᵀ h_i / √channels, α_k = softmax(e_k),
 * c = (W_v1 Σ α_1i h_i, …, W_vK Σ α_Ki h_i).
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, channels]`, weights
 * `[batch, queries, positions]`. A masked position gets weight exactly 0 whatever stands there; a row whose positions
 * are all masked gets zeros.
 *
 * The queries start at zero and W_v at the identity, so that a new layer is mean pooling and what differs later was
 * learned. Nothing is drawn, so the seed decides nothing; it is asked for as of every pooling that learns.
 *
 * Source: Psomas et al., "Attention, please! Revisiting attentive probing through the lens of efficiency", 2025
 * (https://arxiv.org/abs/2506.10178), with values as wide as the tokens. Deviations: the paper draws the queries (standard
 * deviation 0.02) and W_v, and normalises the context by its batch before the classifier.
 *
 * @throws UserError for queries or a seed that is no whole number, and by the build for queries that don't divide the
 *   channels
 */
export class EfficientProbing extends LearnedPooling<EfficientProbingParameters> {
  static className = "EfficientProbing";

  private readonly queries: number;

  constructor(args: EfficientProbingArgs) {
    super(args);
    this.queries = requireWhole("EfficientProbing", "queries", args.queries, 1);
  }

  protected parametersFor(channels: number): Record<keyof EfficientProbingParameters, PoolingParameter> {
    if (channels % this.queries !== 0) {
      throw new UserError(
        `${this.title} can't deal ${channels} channels evenly to ${this.queries} queries. Choose a number of queries that ` +
          "divides the channels.",
      );
    }
    return {
      queries: { shape: [this.queries, channels], start: "zeros" },
      valueProjection: { shape: [channels, channels], start: "identity" },
    };
  }

  protected override headCount(): number {
    return this.queries;
  }

  protected weigh({ tokens }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    return softmaxWeights(classScores(tokens as tf.Tensor3D, this.parameters.queries), mask);
  }

  /** The slices end up in one context: `[batch, 1, channels]`. */
  protected override pool(inputs: PoolingInputs, weights: tf.Tensor3D): tf.Tensor3D {
    return projectByHead(super.pool(inputs, weights), this.parameters.valueProjection).expandDims(1);
  }

  protected override contextSize([tokens]: readonly tf.Shape[]): number {
    return tokens![2]!;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), queries: this.queries };
  }
}

tf.serialization.registerClass(EfficientProbing);
