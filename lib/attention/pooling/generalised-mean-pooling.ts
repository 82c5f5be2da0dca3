import * as tf from "@tensorflow/tfjs";
import { clearMasked, keptTokens, withoutGradient } from "../mask";
import { requireTensors } from "../require-tensors";
import type { NamedShapes } from "../shapes";
import { type PoolingInputs, PoolingLayer } from "./pooling-layer";

/** Tokens count as at least this: the paper's pooling is for features that are not negative. */
const EPSILON = 1e-6;

/** p of a new layer. */
const FIRST_EXPONENT = 3;

/** What generalised mean pooling learns. */
export interface GeneralisedMeanParameters {
  /** p, `[1]`, the same for all channels. */
  exponent: tf.Tensor1D;
}

/**
 * The generalised mean over the positions that the mask keeps, channel by channel: f = ((1/n) Σ x_i^p)^(1/p) of what
 * is positive in x_i. At p = 1 it is the mean of the positive parts, which is the mean only where nothing is negative;
 * the larger p, the nearer it comes to the maximum.
 *
 * @param tokens x_i, `[batch, positions, channels]`; what is below 1e-6 counts as 1e-6 and has no gradient
 * @param mask `[batch, positions]`: 1 (or true, or all but zero) keeps a position, 0 takes it out, whatever stands
 *   there; all count by default
 * @returns `[batch, 1, channels]`; zeros for a row whose positions are all masked
 * @throws UserError for tensors whose shapes don't fit together, or tokens that are not float32
 */
export function generalisedMean(
  tokens: tf.Tensor3D,
  { exponent }: GeneralisedMeanParameters,
  mask?: tf.Tensor2D,
): tf.Tensor3D {
  requireInputs("generalisedMean", tokens, exponent, mask);
  return tf.tidy(() => {
    const kept = keptTokens(tokens, mask);
    const { powers, top } = relativePowers(mask ? clearMasked(tokens, mask) : tokens, exponent, kept);
    const mean = powers.sum<tf.Tensor3D>(1, true).div<tf.Tensor3D>(kept.sum(1, true).maximum(1));
    // Where every position is masked the mean is 0, whose logarithm nothing could undo.
    const logarithm = mean.maximum(tiny).log().div<tf.Tensor3D>(exponent).add<tf.Tensor3D>(top);
    return logarithm.exp().mul(kept.max(1, true));
  });
}

/**
 * What each position adds to the generalised mean: the share x_i^p / Σ_j x_j^p, mean over the channels. A channel's
 * shares are those of its value, since f = Σ x_i ∂f/∂x_i and x_i ∂f/∂x_i is the share times f.
 *
 * @param mask as for `generalisedMean`
 * @returns `[batch, 1, positions]`, without gradient
 * @throws UserError as `generalisedMean` does
 */
export function generalisedMeanShares(
  tokens: tf.Tensor3D,
  { exponent }: GeneralisedMeanParameters,
  mask?: tf.Tensor2D,
): tf.Tensor3D {
  requireInputs("generalisedMeanShares", tokens, exponent, mask);
  return withoutGradient(() =>
    tf.tidy(() => {
      const clean = mask ? clearMasked(tokens, mask) : tokens;
      const { powers } = relativePowers(clean, exponent, keptTokens(tokens, mask));
      return powers.div<tf.Tensor3D>(powers.sum(1, true).maximum(tiny)).mean<tf.Tensor2D>(-1).expandDims(1);
    }),
  );
}

function requireInputs(where: string, tokens: tf.Tensor3D, exponent: tf.Tensor1D, mask?: tf.Tensor2D): void {
  requireTensors(where, {
    tokens: [tokens, ["batch", "positions", "channels"]],
    exponent: [exponent, [1]],
    mask: [mask, ["batch", "positions"], "mask"],
  });
}

/** Far below any mean of powers that are relative to the largest, far above the smallest number of float32. */
const tiny = 1e-30;

/**
 * (x_i / largest)^p, so that no power overflows and the largest never underflows; 0 where masked. `top` is the
 * logarithm of the largest, which for the gradient is a constant: whatever it is, it cancels.
 */
function relativePowers(
  tokens: tf.Tensor3D,
  exponent: tf.Tensor1D,
  kept: tf.Tensor3D,
): { powers: tf.Tensor3D; top: tf.Tensor3D } {
  const logarithms = tokens.maximum(EPSILON).log();
  const lowest = Math.log(EPSILON);
  const top = withoutGradient(() => tf.where(kept.toBool(), logarithms, lowest).max<tf.Tensor3D>(1, true));
  const relative = tf.where(kept.toBool(), logarithms, top).sub(top);
  return { powers: relative.mul(exponent).exp().mul(kept), top };
}

/**
 * Generalised mean pooling (GeM): f = ((1/n) Σ x_i^p)^(1/p) in each channel, over the n positions that the mask
 * keeps. It learns one number, p, which starts at 3; at 1 it would be the mean of what is positive, far above 1 the
 * maximum.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, channels]`, weights
 * `[batch, 1, positions]`: each position's share of the pooled value, mean over the channels. The weights describe
 * the pooling, they don't make it (the context is no weighted mean of tokens), and carry no gradient. Zeros for a
 * row whose positions are all masked.
 *
 * Tokens should not be negative, such as those after a ReLU: what is below 1e-6 counts as 1e-6, so that a channel
 * keeps nothing of its negative values. Features without an activation behind them, such as those of
 * EfficientNet-Lite0's `stage5`, of which about half are negative, lose that half. p is not held: a step so large that
 * p lands on 0 would divide by it.
 *
 * Source: Radenović, Tolias and Chum, "Fine-tuning CNN image retrieval with no human annotation", 2018
 * (https://arxiv.org/abs/1711.02512), section 3.2, with one p for all channels (the paper tries both), its start at
 * 3 and the authors' 1e-6. The shares are not the paper's.
 */
export class GeneralisedMeanPooling extends PoolingLayer {
  static className = "GeneralisedMeanPooling";

  protected inputShapes(): NamedShapes {
    return { tokens: ["batch", "positions", "channels"] };
  }

  /** Makes p. */
  protected override addParameters(): void {
    this.addWeight("exponent", [1], "float32", tf.initializers.constant({ value: FIRST_EXPONENT }));
  }

  /**
   * p: the layer's own variable, not a copy.
   * @throws UserError before the layer is built
   */
  get parameters(): GeneralisedMeanParameters {
    return { exponent: this.builtWeights()[0] as tf.Tensor1D };
  }

  protected weigh({ tokens }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    return generalisedMeanShares(tokens as tf.Tensor3D, this.parameters, mask);
  }

  protected override pool({ tokens }: PoolingInputs, _weights: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
    return generalisedMean(tokens as tf.Tensor3D, this.parameters, mask);
  }
}

tf.serialization.registerClass(GeneralisedMeanPooling);
