import * as path from "node:path";
import type { CutoutCollection } from "../datasets/cutouts/collection";
import { backgroundsFrom, objectsFrom } from "../datasets/cutouts/from-rows";
import { backgroundColumns, objectColumns } from "../datasets/cutouts/layout";
import { dataFolder } from "./files";
import { loadListedImages, readImageTable } from "./image-tables";

/**
 * Loads the cut-outs in clutter: the tables are checked against the files, and every image is decoded once.
 *
 * @param folder with `objects.csv`, `backgrounds.csv` and the images; the project's own where none is given
 * @throws UserError naming the file, when a table or an image is missing, damaged or has no row, and naming the
 *   folder, when a class has no images
 */
export async function loadCutouts(
  folder = path.join(dataFolder(), "cutouts-in-clutter"),
): Promise<CutoutCollection> {
  const objectTable = await readImageTable(folder, "objects.csv", objectColumns);
  const backgroundTable = await readImageTable(folder, "backgrounds.csv", backgroundColumns);
  const { images, digest } = await loadListedImages([
    { table: objectTable, channels: 4, part: "objects", inClasses: true },
    { table: backgroundTable, channels: 3, part: "backgrounds", inClasses: false },
  ]);
  return {
    ...objectsFrom(objectTable.rows, images),
    backgrounds: backgroundsFrom(backgroundTable.rows, images),
    images,
    digest,
  };
}
