import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import { glorotUniform } from "../initial-weights";
import { softmaxWeights } from "../normalisers/softmax";
import { requireTensors } from "../require-tensors";
import { type NamedShapes, requireKnownSize } from "../shapes";
import { type PoolingArgs, type PoolingInputs, PoolingLayer } from "./pooling-layer";

/** What the gated score learns. */
export interface GatedParameters {
  /** V, `[channels, units]`: what a position holds, through the tanh. */
  keyProjection: tf.Tensor2D;
  /** U, `[channels, units]`: which of it is let through, by the sigmoid. */
  gateProjection: tf.Tensor2D;
  /** w, `[units, 1]`. */
  scoreVector: tf.Tensor2D;
}

/** What {@link GatedAttention} is made with. */
export interface GatedAttentionArgs extends PoolingArgs {
  /** How many numbers stand between V, U and w: the width of the tanh and of its gate. */
  units: number;
  /** Decides the initial weights: equal seeds, equal weights. Take it from `stream.tensorSeed()`. */
  seed: number;
}

/**
 * The gated score: e_i = wᵀ (tanh(V h_i) ⊙ sigm(U h_i)). The tanh alone is close to linear near zero; the gate,
 * which is learned too, bends it there (the paper's reason for it).
 *
 * @param keys h_i, `[batch, positions, channels]`
 * @returns scores e_i, `[batch, 1, positions]`: any real numbers
 * @throws UserError for tensors whose shapes don't fit together, or that are not float32
 */
export function gatedScores(keys: tf.Tensor3D, parameters: GatedParameters): tf.Tensor3D {
  const { keyProjection, gateProjection, scoreVector } = parameters;
  requireTensors("gatedScores", {
    keys: [keys, ["batch", "positions", "channels"]],
    keyProjection: [keyProjection, ["channels", "units"]],
    gateProjection: [gateProjection, ["channels", "units"]],
    scoreVector: [scoreVector, ["units", 1]],
  });
  const [batch, positions, channels] = keys.shape;
  return tf.tidy(() => {
    const rows = keys.reshape([batch * positions, channels]);
    const hidden = rows.matMul(keyProjection).tanh();
    const gate = rows.matMul(gateProjection).sigmoid();
    return hidden.mul(gate).matMul(scoreVector).reshape([batch, 1, positions]);
  });
}

/**
 * Gated attention: e_i = wᵀ (tanh(V h_i) ⊙ sigm(U h_i)), α = softmax(e), c = Σ α_i h_i.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, channels]`, weights
 * `[batch, 1, positions]`. A masked position gets weight exactly 0 whatever stands there; a row whose
 * positions are all masked gets zeros.
 *
 * w starts at zero, so that a new layer is mean pooling and what differs later was learned; V and U start at
 * Glorot's uniform draws.
 *
 * Source: Ilse, Tomczak and Welling, "Attention-based deep multiple instance learning", 2018
 * (https://arxiv.org/abs/1802.04712), equations 7 and 9: an image is the bag, its positions are the instances. As in
 * those equations there is no bias. Deviation: the paper doesn't say where w starts.
 *
 * @throws UserError for units or a seed that is no whole number
 */
export class GatedAttention extends PoolingLayer {
  static className = "GatedAttention";

  private readonly units: number;
  private readonly seed: number;
  private channels: string | number = "channels";

  constructor(args: GatedAttentionArgs) {
    super(args);
    this.units = requireWhole("GatedAttention", "units", args.units, 1);
    this.seed = requireWhole("GatedAttention", "seed", args.seed, 0);
  }

  protected inputShapes(): NamedShapes {
    return { tokens: ["batch", "positions", this.channels] };
  }

  /** Makes V, U and w. */
  protected override addParameters([tokens]: readonly tf.Shape[]): void {
    this.channels = requireKnownSize(this, "channels", tokens![2]);
    for (const name of ["key_projection", "gate_projection"]) {
      const initial = glorotUniform(this.seed, `GatedAttention/${name}`);
      this.addWeight(name, [this.channels, this.units], "float32", initial);
    }
    this.addWeight("score_vector", [this.units, 1], "float32", tf.initializers.zeros());
  }

  /**
   * V, U and w: the layer's own variables, not copies.
   * @throws UserError before the layer is built
   */
  get parameters(): GatedParameters {
    const [keyProjection, gateProjection, scoreVector] = this.builtWeights() as tf.Tensor2D[];
    return {
      keyProjection: keyProjection!,
      gateProjection: gateProjection!,
      scoreVector: scoreVector!,
    };
  }

  protected weigh({ tokens }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    return softmaxWeights(gatedScores(tokens as tf.Tensor3D, this.parameters), mask);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { units, seed } = this;
    return { ...super.getConfig(), units, seed };
  }
}

tf.serialization.registerClass(GatedAttention);
