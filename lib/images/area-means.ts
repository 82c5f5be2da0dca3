import { overlaps } from "./overlaps";

/**
 * Values on another grid, each cell the mean of the area that it covers; a value that a border cuts counts in
 * proportion.
 * @param values row-major `[rows, columns]`
 * @param unit what counts as one: 255 makes 0 … 1 of bytes
 * @returns row-major `[toRows, toColumns]`
 */
export function areaMeans(
  values: ArrayLike<number>,
  [rows, columns]: readonly [number, number],
  [toRows, toColumns]: readonly [number, number],
  unit = 1,
): Float32Array {
  const across = overlaps(columns, toColumns);
  const sums = new Float32Array(toRows * toColumns);
  for (const { cell: row, pixel: y, share: shareDown } of overlaps(rows, toRows)) {
    for (const { cell: column, pixel: x, share } of across) {
      sums[row * toColumns + column]! += values[y * columns + x]! * shareDown * share;
    }
  }
  const area = (columns / toColumns) * (rows / toRows);
  return sums.map((sum) => sum / (unit * area));
}
