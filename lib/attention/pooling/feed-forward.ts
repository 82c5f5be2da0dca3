import * as tf from "@tensorflow/tfjs";
import { layerNormalisation } from "../features/layer-normalisation";
import { requireTensors } from "../require-tensors";
import type { PoolingParameter } from "./learned-pooling";

/** How many times wider than the channels the hidden layer is, as in Vaswani et al. 2017. */
const WIDTH = 4;

/** What a feed-forward block learns. */
export interface FeedForwardParameters {
  /** Gain of the layer norm, `[channels]`. */
  contextGain: tf.Tensor1D;
  /** Offset of the layer norm, `[channels]`. */
  contextOffset: tf.Tensor1D;
  /** W_1, `[channels, units]`. */
  hiddenKernel: tf.Tensor2D;
  /** b_1, `[units]`. */
  hiddenBias: tf.Tensor1D;
  /** W_2, `[units, channels]`. */
  outputKernel: tf.Tensor2D;
  /** b_2, `[channels]`. */
  outputBias: tf.Tensor1D;
}

/**
 * The feed-forward part of a transformer's block, with the residual around it: x + W_2 gelu(W_1 norm(x) + b_1) + b_2.
 *
 * Sources: Vaswani et al., "Attention is all you need", 2017 (https://arxiv.org/abs/1706.03762), section 3.3, with the norm
 * before the layers (Xiong et al. 2020, https://arxiv.org/abs/2002.04745) and the exact GELU, x Φ(x) (Hendrycks and Gimpel
 * 2016, https://arxiv.org/abs/1606.08415).
 *
 * @param x `[batch, positions, channels]`
 * @returns a tensor of the shape of x
 * @throws UserError for tensors whose shapes don't fit together, or that are not float32
 */
export function feedForward(x: tf.Tensor3D, parameters: FeedForwardParameters): tf.Tensor3D {
  const { contextGain, contextOffset, hiddenKernel, hiddenBias, outputKernel, outputBias } = parameters;
  requireTensors("feedForward", {
    x: [x, ["batch", "positions", "channels"]],
    hiddenKernel: [hiddenKernel, ["channels", "units"]],
    hiddenBias: [hiddenBias, ["units"]],
    outputKernel: [outputKernel, ["units", "channels"]],
    outputBias: [outputBias, ["channels"]],
  });
  const [batch, positions, channels] = x.shape;
  return tf.tidy(() => {
    const normalised = layerNormalisation(x, contextGain, contextOffset);
    const rows = normalised.reshape<tf.Tensor2D>([batch * positions, channels]);
    const hidden = rows.matMul(hiddenKernel).add<tf.Tensor2D>(hiddenBias);
    const bent = hidden.mul(hidden.div(Math.SQRT2).erf().add(1).div(2));
    return x.add(bent.matMul(outputKernel).add(outputBias).reshape([batch, positions, channels]));
  });
}

/** W_2 and the biases start at zero, so that a new block changes nothing; W_1 at Glorot's uniform draws. */
export function feedForwardFor(channels: number): Record<keyof FeedForwardParameters, PoolingParameter> {
  const units = WIDTH * channels;
  return {
    contextGain: { shape: [channels], start: "ones" },
    contextOffset: { shape: [channels], start: "zeros" },
    hiddenKernel: { shape: [channels, units], start: "Glorot" },
    hiddenBias: { shape: [units], start: "zeros" },
    outputKernel: { shape: [units, channels], start: "zeros" },
    outputBias: { shape: [channels], start: "zeros" },
  };
}
