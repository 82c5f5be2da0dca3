import { writeAtomically } from "../../node/files";
import { UserError } from "../../runtime/user-error";
import { type GridCell, type GridOptions, imageGrid } from "./image-grid";

/**
 * Saves pictures with their captions as one PNG file, whole or not at all; folders on the way are made.
 *
 * ```ts
 * await saveImages("figures/koala.png", [{ image: photograph, caption: "koala" }]);
 * ```
 * @throws UserError when the name does not end in .png, the file can't be written, and for pictures and options that
 *   `showImages` refuses.
 */
export async function saveImages(file: string, cells: GridCell[], options: GridOptions = {}): Promise<void> {
  if (!/\.png$/i.test(file))
    throw new UserError(`Pictures are saved as PNG, and "${file}" does not end in .png.`);
  await writeAtomically(file, await imageGrid(cells, options));
}
