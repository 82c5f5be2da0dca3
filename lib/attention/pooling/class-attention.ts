import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import { softmaxWeights } from "../normalisers/softmax";
import { requireTensors } from "../require-tensors";
import { type NamedShapes, requireKnownSize } from "../shapes";
import { type PoolingArgs, type PoolingInputs, PoolingLayer } from "./pooling-layer";

/** What {@link ClassAttention} is made with. */
export interface ClassAttentionArgs extends PoolingArgs {
  /** How many queries are learned, one for each class. */
  classes: number;
}

/**
 * How well each position answers each class: e_ki = q_kᵀ h_i / √channels.
 *
 * @param keys h_i, `[batch, positions, channels]`
 * @param queries q_k, `[classes, channels]`, shared by the batch
 * @returns scores e_ki, `[batch, classes, positions]`: any real numbers
 * @throws UserError for tensors whose shapes don't fit together, or that are not float32
 */
export function classScores(keys: tf.Tensor3D, queries: tf.Tensor2D): tf.Tensor3D {
  requireTensors("classScores", {
    keys: [keys, ["batch", "positions", "channels"]],
    queries: [queries, ["classes", "channels"]],
  });
  const [batch, positions, channels] = keys.shape;
  return tf.tidy(() => {
    const rows = keys.reshape([batch * positions, channels]);
    // The few queries are scaled, not the many scores.
    const scores = rows.matMul(queries.div<tf.Tensor2D>(Math.sqrt(channels)), false, true);
    return scores.reshape<tf.Tensor3D>([batch, positions, queries.shape[0]]).transpose([0, 2, 1]);
  });
}

/**
 * Attention over the class: each class has a query q_k of its own, and so a map and a context of its own.
 * e_ki = q_kᵀ h_i / √channels, α_k = softmax(e_k), c_k = Σ α_ki h_i.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, classes · channels]`, the contexts of
 * the classes one after the other, weights `[batch, classes, positions]`. A classifier that follows reads for each
 * class its own context. A masked position gets weight exactly 0 whatever stands there; a row whose positions are all
 * masked gets zeros.
 *
 * The queries start at zero, so that a new layer gives every class the mean of the tokens and what differs later
 * was learned. Nothing is drawn at random, so there is no seed.
 *
 * Source: Liu, Zhang, Yang, Su and Zhu, "Query2Label: a simple transformer way to multi-label classification", 2021
 * (https://arxiv.org/abs/2107.10834): one learned query a label cross-attends to the positions, and the label's
 * logit reads what it brought back. Scaled dot product: Vaswani et al. 2017
 * (https://arxiv.org/abs/1706.03762), equation 1. Deviations: one head without projections; no position encoding,
 * self-attention of the queries, feed-forward part, layer norm or second layer.
 *
 * @throws UserError for classes that are no whole number of at least 1
 */
export class ClassAttention extends PoolingLayer {
  static className = "ClassAttention";

  private readonly classes: number;
  private channels: string | number = "channels";

  constructor(args: ClassAttentionArgs) {
    super(args);
    this.classes = requireWhole("ClassAttention", "classes", args.classes, 1);
  }

  protected inputShapes(): NamedShapes {
    return { tokens: ["batch", "positions", this.channels] };
  }

  protected override headCount(): number {
    return this.classes;
  }

  /** Makes the queries. */
  protected override addParameters([tokens]: readonly tf.Shape[]): void {
    this.channels = requireKnownSize(this, "channels", tokens![2]);
    this.addWeight("queries", [this.classes, this.channels], "float32", tf.initializers.zeros());
  }

  /**
   * The queries q_k, `[classes, channels]`: the layer's own variable, not a copy.
   * @throws UserError before the layer is built
   */
  get parameters(): { queries: tf.Tensor2D } {
    return { queries: this.builtWeights()[0] as tf.Tensor2D };
  }

  protected weigh({ tokens }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    return softmaxWeights(classScores(tokens as tf.Tensor3D, this.parameters.queries), mask);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), classes: this.classes };
  }
}

tf.serialization.registerClass(ClassAttention);
