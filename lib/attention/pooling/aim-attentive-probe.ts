import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import { requireHeads } from "../heads";
import { softmaxWeights } from "../normalisers/softmax";
import { LearnedPooling, type LearnedPoolingArgs, type PoolingParameter } from "./learned-pooling";
import type { PoolingInputs } from "./pooling-layer";
import { projectByHead, scoresByHead } from "./query-heads";

/** Options of {@link AimAttentiveProbe}. */
export interface AimAttentiveProbeArgs extends LearnedPoolingArgs {
  /** Into how many parts the channels are split, each with a map of its own; a divisor of their number. */
  heads: number;
}

/** What AIM's probe learns. In W_k and W_v the columns of a head lie together. */
export interface AimAttentiveProbeParameters {
  /** y, `[1, channels]`. */
  query: tf.Tensor2D;
  /** W_k, `[channels, channels]`. */
  keyProjection: tf.Tensor2D;
  /** W_v, `[channels, channels]`. */
  valueProjection: tf.Tensor2D;
}

/**
 * AIM's attentive probe: one learned query asks every head's keys, e_hi = y_h · (W_k x_i)_h / √(channels / heads),
 * α_h = softmax(e_h), and the heads' values stand side by side, c = (W_v1 Σ α_1i x_i, …, W_vH Σ α_Hi x_i). It is
 * `MultiHeadPooling` without W_q, which a learned query makes needless, and without W_o, which the classifier can be.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, channels]`, weights
 * `[batch, heads, positions]`. A masked position gets weight exactly 0 whatever stands there; a row whose positions are
 * all masked gets zeros.
 *
 * y starts at zero and W_v at the identity, so that a new layer is mean pooling and what differs later was learned; W_k
 * starts at Glorot's uniform draws.
 *
 * Source: El-Nouby et al., "Scalable pre-training of large autoregressive image models", 2024
 * (https://arxiv.org/abs/2401.08541), the attentive probe of its evaluation. Deviations: the authors standardise every
 * channel of the tokens by batch norm without parameters first, which is left out: what a probe says of an image would
 * depend on the others of its batch. Standardise the tokens before where their channels differ much in size. The authors
 * draw y (standard deviation 0.02) and W_v.
 *
 * @throws UserError for heads or a seed that is no whole number, and by the build for heads that don't divide the
 *   channels
 */
export class AimAttentiveProbe extends LearnedPooling<AimAttentiveProbeParameters> {
  static className = "AimAttentiveProbe";

  private readonly heads: number;

  constructor(args: AimAttentiveProbeArgs) {
    super(args);
    this.heads = requireWhole("AimAttentiveProbe", "heads", args.heads, 1);
  }

  protected parametersFor(channels: number): Record<keyof AimAttentiveProbeParameters, PoolingParameter> {
    requireHeads(this.title, channels, this.heads);
    return {
      query: { shape: [1, channels], start: "zeros" },
      keyProjection: { shape: [channels, channels], start: "Glorot" },
      valueProjection: { shape: [channels, channels], start: "identity" },
    };
  }

  protected override headCount(): number {
    return this.heads;
  }

  protected weigh({ tokens }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    const { query, keyProjection } = this.parameters;
    return softmaxWeights(scoresByHead(tokens as tf.Tensor3D, query, keyProjection, this.heads), mask);
  }

  /** The heads end up in one context: `[batch, 1, channels]`. */
  protected override pool(inputs: PoolingInputs, weights: tf.Tensor3D): tf.Tensor3D {
    return projectByHead(super.pool(inputs, weights), this.parameters.valueProjection).expandDims(1);
  }

  protected override contextSize([tokens]: readonly tf.Shape[]): number {
    return tokens![2]!;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), heads: this.heads };
  }
}

tf.serialization.registerClass(AimAttentiveProbe);
