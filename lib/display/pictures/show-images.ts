import { UserError } from "../../runtime/user-error";
import { type MimeBundle, showInCell } from "../cells/cell";
import { pictureHtml } from "../cells/html";
import { composeGrid, type GridCell, type GridOptions } from "./image-grid";

/** @throws UserError as `showImages`. */
export async function imagesBundle(
  cells: GridCell[],
  options: GridOptions & { alt: string },
): Promise<MimeBundle> {
  const { alt, ...gridOptions } = options;
  if (!alt?.trim()) throw new UserError("showImages needs `alt`: say in a sentence what the pictures show.");
  const grid = await composeGrid(cells, gridOptions);
  const jpeg = await grid.jpeg({ quality: 84, chromaSubsampling: "4:4:4", mozjpeg: true }).toBuffer();
  return { "text/html": pictureHtml("image/jpeg", jpeg, alt), "text/plain": alt };
}

/**
 * Shows pictures in the notebook cell: as an HTML image, the one form whose alt text JupyterLab, code-hosting pages and
 * converters to HTML all keep, and once, because saved notebooks keep every byte. It is a JPEG of high quality, a tenth of a
 * PNG's size.
 * @param options.alt says what the pictures show, with the numbers that matter.
 * @throws UserError outside a tslab kernel, without alt text or pictures, for an image whose data does not fit its size, an option
 *   that is no positive whole number, and titles of rows or columns that are not as many as these.
 */
export async function showImages(cells: GridCell[], options: GridOptions & { alt: string }): Promise<void> {
  showInCell("showImages", await imagesBundle(cells, options));
}
