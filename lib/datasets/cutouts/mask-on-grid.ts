import { areaMeans } from "../../images/area-means";
import type { PixelImage } from "../../images/pixel-image";
import { requireWhole } from "../../runtime/checks";

/**
 * How much of every cell of a token grid the object covers: the mean opacity over the cell, 0..1.
 *
 * A cell's borders may fall within a pixel; the pixel then counts in proportion.
 *
 * @param mask `[height, width, 1]`, 0..255
 * @returns `[rows × columns]`, row-major
 */
export function maskOnGrid(mask: PixelImage, rows: number, columns: number): Float32Array {
  requireWhole("The rows of a grid", rows, 1);
  requireWhole("The columns of a grid", columns, 1);
  return areaMeans(mask.data, [mask.height, mask.width], [rows, columns], 255);
}
