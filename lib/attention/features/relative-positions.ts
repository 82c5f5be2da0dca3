import * as tf from "@tensorflow/tfjs";
import { requireOdd } from "../arguments";
import { requireTensors } from "../require-tensors";

/**
 * A bias of the scores that depends on nothing but how far apart query and key lie on a grid: what attention is told
 * of the places in Swin transformers. The grid may have any number of axes: `[positions]` of a series, `[rows, columns]`
 * of an image, `[depth, rows, columns]` of a volume.
 *
 * Source: Liu et al., "Swin transformer: Hierarchical vision transformer using shifted windows", 2021
 * (https://arxiv.org/abs/2103.14030), equation 4, with the whole grid as the one window. Deviation: there the grid has
 * two axes.
 *
 * @param table one number for each offset and head, such as `[2 · rows − 1, 2 · columns − 1, heads]`; entry
 *   (Δr + rows − 1, Δc + columns − 1) is for a query that lies Δr rows below and Δc columns right of the key
 * @returns `[1, heads, positions, positions]`, queries before keys, both counted row by row
 * @throws UserError for a table without an axis of offsets, with an even number of them, or that is not float32
 */
export function relativePositionBias(table: tf.Tensor): tf.Tensor4D {
  const where = "relativePositionBias";
  const axes = Math.max((table?.shape?.length ?? 0) - 1, 1);
  const names = Array.from({ length: axes }, (_, axis) => `offsets of axis ${axis + 1}`);
  requireTensors(where, { table: [table, [...names, "heads"]] });
  const offsets = table.shape.slice(0, -1).map((count, axis) => requireOdd(where, names[axis]!, count));
  const heads = table.shape.at(-1)!;
  return tf.tidy(() => {
    // One axis after the other becomes a query axis and a key axis: [queries so far, keys so far, offsets, the rest].
    let bias = table.reshape<tf.Tensor4D>([1, 1, offsets[0]!, -1]);
    for (const [axis, count] of offsets.entries()) {
      const size = (count + 1) / 2;
      const [queries, keys, , rest] = bias.shape;
      // Cut out key by key: unlike `tf.gather`, a slice has its gradient on every backend.
      const byKey = Array.from({ length: size }, (_, key) =>
        bias.slice([0, 0, size - 1 - key, 0], [queries, keys, size, rest]),
      );
      bias = tf
        .stack(byKey, 3)
        .transpose([0, 2, 1, 3, 4])
        .reshape([queries * size, keys * size, offsets[axis + 1] ?? 1, -1]);
    }
    const [queries, keys] = bias.shape;
    return bias.reshape([queries, keys, heads]).transpose([2, 0, 1]).expandDims<tf.Tensor4D>(0);
  });
}
