import * as tf from "@tensorflow/tfjs";

/**
 * A bias of the scores that depends on nothing but how far apart query and key lie on a grid: what attention is told
 * of the places in Swin transformers.
 *
 * Source: Liu et al., "Swin transformer: Hierarchical vision transformer using shifted windows", 2021
 * (https://arxiv.org/abs/2103.14030), equation 4, with the whole grid as the one window.
 *
 * @param table one number for each offset and head, `[2 · rows − 1, 2 · columns − 1, heads]`; entry
 *   (Δr + rows − 1, Δc + columns − 1) is for a query that lies Δr rows below and Δc columns right of the key
 * @returns `[1, heads, positions, positions]`, queries before keys, both counted row by row
 */
export function relativePositionBias(table: tf.Tensor3D): tf.Tensor4D {
  const [rowOffsets, columnOffsets, heads] = table.shape;
  const [rows, columns] = [(rowOffsets + 1) / 2, (columnOffsets + 1) / 2];
  return tf.tidy(() => {
    // Cut out key by key, along one axis after the other: unlike `tf.gather`, a slice has its gradient on every
    // backend, and rows + columns of them do.
    const byRow = tf.stack(
      Array.from({ length: rows }, (_, key) =>
        table.slice([rows - 1 - key, 0, 0], [rows, columnOffsets, heads]),
      ),
      1,
    );
    const byPosition = tf.stack(
      Array.from({ length: columns }, (_, key) =>
        byRow.slice([0, 0, columns - 1 - key, 0], [rows, rows, columns, heads]),
      ),
      3,
    );
    // [query row, key row, query column, key column, head]
    return byPosition.transpose([4, 0, 2, 1, 3]).reshape([1, heads, rows * columns, rows * columns]);
  });
}
