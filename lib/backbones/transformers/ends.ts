import * as tf from "@tensorflow/tfjs";
import { layerNormalisation } from "../../attention/features/layer-normalisation";
import type { Parameters } from "./block";

/** What turns pixels into tokens. */
export type EmbeddingParameters = Parameters<"kernel" | "bias" | "leading" | "positions">;

/**
 * Pixels as tokens: each patch is mapped linearly and gets its position; the class token and the registers come first.
 * @param x preprocessed pixels `[batch, side, side, 3]`
 * @param patchSize divides the side
 * @returns `[batch, 1 + registers + patches, channels]`
 */
export function embed(x: tf.Tensor4D, parameters: EmbeddingParameters, patchSize: number): tf.Tensor3D {
  const { kernel, bias, leading, positions } = parameters;
  const [batch, size] = x.shape;
  const side = size / patchSize;
  return tf.tidy(() => {
    // [batch, row, y, column, x · 3]: what belongs to one patch is brought together, row of pixels by row of pixels.
    const pixels = x
      .reshape<tf.Tensor5D>([batch, side, patchSize, side, patchSize * 3])
      .transpose<tf.Tensor5D>([0, 1, 3, 2, 4])
      .reshape<tf.Tensor2D>([batch * side * side, patchSize * patchSize * 3]);
    const patches = pixels
      .matMul(kernel as tf.Tensor2D)
      .add(bias)
      .reshape<tf.Tensor3D>([batch, side * side, -1])
      .add<tf.Tensor3D>(positions);
    const [count, channels] = leading.shape as [number, number];
    const first = leading.expandDims<tf.Tensor3D>(0).tile<tf.Tensor3D>([batch, 1, 1]);
    return tf.concat([first.reshape<tf.Tensor3D>([batch, count, channels]), patches], 1);
  });
}

/** The norm behind the last block. */
export function finish(tokens: tf.Tensor3D, norm: Record<string, tf.Tensor>, epsilon: number): tf.Tensor3D {
  const { gain, offset } = norm as Record<"gain" | "offset", tf.Tensor1D>;
  return layerNormalisation(tokens, gain, offset, undefined, epsilon);
}

/** The patches on their grid, `[batch, side, side, channels]`. */
export function patchGrid(tokens: tf.Tensor3D, leading: number, side: number): tf.Tensor4D {
  const [batch, , channels] = tokens.shape;
  return tokens.slice([0, leading, 0]).reshape([batch, side, side, channels]);
}

/** The class token as a grid of one position, `[batch, 1, 1, channels]`. */
export function classGrid(tokens: tf.Tensor3D): tf.Tensor4D {
  const [batch, , channels] = tokens.shape;
  return tokens.slice([0, 0, 0], [batch, 1, channels]).reshape([batch, 1, 1, channels]);
}
