import * as tf from "@tensorflow/tfjs";

/**
 * What a backbone saw in many images, at one cut point: for every image a grid of positions, and for every
 * position a vector of channels.
 */
export interface TokenSet {
  /** `[count, rows · columns, channels]`, row-major. */
  data: Float32Array;
  count: number;
  rows: number;
  columns: number;
  channels: number;
}

/** Numbers in one image's tokens. */
export function tokensPerImage({ rows, columns, channels }: TokenSet): number {
  return rows * columns * channels;
}

/** The grids of some images, `[indices, rows, columns, channels]`, in the order of `indices`. */
export function gatherGrids(set: TokenSet, indices: ArrayLike<number>): tf.Tensor4D {
  const size = tokensPerImage(set);
  const batch = new Float32Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    const start = (indices[i] as number) * size;
    batch.set(set.data.subarray(start, start + size), i * size);
  }
  return tf.tensor4d(batch, [indices.length, set.rows, set.columns, set.channels]);
}

/** Grids `[batch, rows, columns, channels]` as tokens `[batch, positions, channels]`. */
export function gridsToTokens(grids: tf.Tensor4D): tf.Tensor3D {
  const [batch, rows, columns, channels] = grids.shape;
  return grids.reshape([batch, rows * columns, channels]);
}
