import * as path from "node:path";
import { backgroundsFrom, objectsFrom } from "../datasets/cutouts/from-rows";
import { backgroundColumns, objectColumns } from "../datasets/cutouts/layout";
import type { SceneCollection } from "../datasets/scenes/collection";
import { dataFolder } from "./files";
import { loadListedImages, readImageTable } from "./image-tables";

/**
 * Loads the things among distractors and the backgrounds of the cut-outs in clutter: the tables are checked against
 * the files, and every image is decoded once.
 *
 * @param folder with `targets.csv`, `distractors.csv` and their images; the project's own where none is given
 * @param backgroundFolder with `backgrounds.csv` and its images; the project's cut-outs in clutter where none is given
 * @throws UserError naming the file, when a table or an image is missing, damaged or has no row, and naming the
 *   folder, when a class or a kind has no images
 */
export async function loadSceneCollection(
  folder = path.join(dataFolder(), "things-among-distractors"),
  backgroundFolder = path.join(dataFolder(), "cutouts-in-clutter"),
): Promise<SceneCollection> {
  const targetTable = await readImageTable(folder, "targets.csv", objectColumns);
  const distractorTable = await readImageTable(folder, "distractors.csv", objectColumns);
  const backgroundTable = await readImageTable(backgroundFolder, "backgrounds.csv", backgroundColumns);
  const { images, digest } = await loadListedImages([
    { table: targetTable, channels: 4, part: "targets", inClasses: true },
    { table: distractorTable, channels: 4, part: "distractors", inClasses: true },
    { table: backgroundTable, channels: 3, part: "backgrounds", inClasses: false },
  ]);
  const { classes, objects: targets } = objectsFrom(targetTable.rows, images);
  return {
    classes,
    targets,
    distractors: objectsFrom(distractorTable.rows, images).objects,
    backgrounds: backgroundsFrom(backgroundTable.rows, images),
    images,
    digest,
  };
}
