import * as tf from "@tensorflow/tfjs";
import { keptTokens, withoutGradient } from "../mask";
import type { NamedShapes } from "../shapes";
import { type PoolingInputs, PoolingLayer } from "./pooling-layer";

/**
 * Max pooling: each channel's largest value over the positions that the mask keeps. It learns nothing.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, channels]`, weights
 * `[batch, 1, positions]`: the share of channels whose maximum lies at the position. The weights describe the
 * pooling, they don't make it (the context is no weighted mean of tokens), and carry no gradient.
 *
 * Positions that tie for a channel's maximum share it equally, in the weights and in the gradient, as in
 * PyTorch's `amax`. TensorFlow.js gives each of them the whole gradient instead, and taking the first would
 * pile every dead channel (zero everywhere after a ReLU) onto the first position.
 * Zeros for a row whose positions are all masked.
 */
export class MaxPooling extends PoolingLayer {
  static className = "MaxPooling";

  protected inputShapes(): NamedShapes {
    return { tokens: ["batch", "positions", "channels"] };
  }

  protected weigh(inputs: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    const tokens = inputs.tokens as tf.Tensor3D;
    return withoutGradient(() => maximumShares(tokens, mask).mean(-1).expandDims(1));
  }

  protected override pool(inputs: PoolingInputs, _weights: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
    const tokens = inputs.tokens as tf.Tensor3D;
    return tf.customGrad((_tokens: tf.Tensor | tf.GradSaveFunc, save: tf.Tensor | tf.GradSaveFunc) => {
      (save as tf.GradSaveFunc)([maximumShares(tokens, mask)]);
      const kept = keptTokens(tokens, mask);
      // Where every position is masked, this turns the lowest value into zero.
      const value = largestKept(tokens, kept).mul<tf.Tensor3D>(kept.max(1, true));
      return { value, gradFunc: (upstream: tf.Tensor, [shares]: tf.Tensor[]) => [shares!.mul(upstream)] };
    })(tokens);
  }
}

/** How much of each channel's maximum a position holds: 1, or 1/k where k positions tie, else 0. */
function maximumShares(tokens: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
  const kept = keptTokens(tokens, mask);
  const holds = tokens.equal(largestKept(tokens, kept)).toFloat().mul<tf.Tensor3D>(kept);
  return holds.div(holds.sum(1, true).maximum(1));
}

/** `[batch, 1, channels]`; where every position is masked, the lowest value. */
function largestKept(tokens: tf.Tensor3D, kept: tf.Tensor3D): tf.Tensor3D {
  return tf.where(kept.toBool(), tokens, tokens.min(1, true)).max(1, true);
}

tf.serialization.registerClass(MaxPooling);
