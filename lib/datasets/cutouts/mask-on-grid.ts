import { overlaps } from "../../images/overlaps";
import type { PixelImage } from "../../images/pixel-image";

/**
 * How much of every cell of a token grid the object covers: the mean opacity over the cell, 0..1.
 *
 * A cell's borders may fall within a pixel; the pixel then counts in proportion.
 *
 * @param mask `[height, width, 1]`, 0..255
 * @returns `[rows × columns]`, row-major
 */
export function maskOnGrid(mask: PixelImage, rows: number, columns: number): Float32Array {
  const across = overlaps(mask.width, columns);
  const down = overlaps(mask.height, rows);
  const covered = new Float32Array(rows * columns);
  for (const { cell: row, pixel: y, share: shareDown } of down) {
    for (const { cell: column, pixel: x, share } of across) {
      covered[row * columns + column]! += mask.data[y * mask.width + x]! * shareDown * share;
    }
  }
  const cellArea = (mask.width / columns) * (mask.height / rows);
  return covered.map((sum) => sum / (255 * cellArea));
}
