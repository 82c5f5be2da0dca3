import type * as tf from "@tensorflow/tfjs";

/** Positions on a grid of any rank, `[batch, …grid, channels]`, as tokens `[batch, positions, channels]`, row-major. */
export function gridsToTokens(grids: tf.Tensor): tf.Tensor3D {
  const [batch, ...grid] = grids.shape.slice(0, -1) as [number, ...number[]];
  const positions = grid.reduce((product, size) => product * size, 1);
  return grids.reshape([batch, positions, grids.shape.at(-1)!]);
}
