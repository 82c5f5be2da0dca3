import * as tf from "@tensorflow/tfjs";
import { requireTensors } from "../require-tensors";
import type { PoolingParameter } from "./learned-pooling";

/** What a hidden layer learns. */
export interface HiddenLayerParameters {
  /** W, `[channels, units]`. */
  hiddenKernel: tf.Tensor2D;
  /** b, `[units]`. */
  hiddenBias: tf.Tensor1D;
}

/**
 * A hidden layer on every token by itself: max(0, W h_i + b). What stands at one position doesn't reach another.
 *
 * @param tokens h_i, `[batch, positions, channels]`
 * @returns `[batch, positions, units]`, none of them negative
 * @throws UserError for tensors whose shapes don't fit together, or that are not float32
 */
export function hiddenLayer(
  tokens: tf.Tensor3D,
  { hiddenKernel, hiddenBias }: HiddenLayerParameters,
): tf.Tensor3D {
  requireTensors("hiddenLayer", {
    tokens: [tokens, ["batch", "positions", "channels"]],
    hiddenKernel: [hiddenKernel, ["channels", "units"]],
    hiddenBias: [hiddenBias, ["units"]],
  });
  const [batch, positions, channels] = tokens.shape;
  return tf.tidy(() => {
    const rows = tokens.reshape<tf.Tensor2D>([batch * positions, channels]);
    const hidden = rows.matMul(hiddenKernel).add(hiddenBias).relu();
    return hidden.reshape([batch, positions, hiddenBias.shape[0]]);
  });
}

/** W starts at Glorot's uniform draws, b at zero. */
export function hiddenLayerFor(
  channels: number,
  units: number,
): Record<keyof HiddenLayerParameters, PoolingParameter> {
  return {
    hiddenKernel: { shape: [channels, units], start: "Glorot" },
    hiddenBias: { shape: [units], start: "zeros" },
  };
}
