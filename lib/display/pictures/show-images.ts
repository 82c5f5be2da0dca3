import { UserError } from "../../runtime/user-error";
import { showInCell } from "../cells/cell";
import { escapeHtml } from "../cells/html";
import { composeGrid, type GridCell, type GridOptions } from "./image-grid";

/**
 * Shows pictures in the notebook cell. JupyterLab reads alt text from HTML alone, so the picture is sent as
 * an HTML image and, for converters and pages that drop HTML, once more by itself. It is a JPEG of high quality,
 * a tenth of a PNG's size, because saved notebooks keep it.
 * @param options.alt says what the pictures show, with the numbers that matter.
 * @throws UserError outside a tslab kernel, without alt text or pictures, for an image whose data does not fit its size, an option
 *   that is no positive whole number, and row titles that are not as many as the rows.
 */
export async function showImages(cells: GridCell[], options: GridOptions & { alt: string }): Promise<void> {
  const { alt, ...gridOptions } = options;
  if (!alt?.trim()) throw new UserError("showImages needs `alt`: say in a sentence what the pictures show.");
  const grid = await composeGrid(cells, gridOptions);
  const jpeg = await grid.jpeg({ quality: 90, chromaSubsampling: "4:4:4" }).toBuffer();
  const base64 = jpeg.toString("base64");
  showInCell(
    "showImages",
    {
      "text/html": `<img alt="${escapeHtml(alt)}" src="data:image/jpeg;base64,${base64}">`,
      "image/jpeg": base64,
      "text/plain": alt,
    },
    { "image/jpeg": { alt } },
  );
}
