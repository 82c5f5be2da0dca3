import * as fs from "node:fs";
import { formatCsv, parseCsv } from "../../datasets/csv";
import { objectColumns } from "../../datasets/cutouts/layout";
import { decodeImage } from "../../node/decode-image";
import { encodeWebp } from "../../node/encode-image";
import { cutObject } from "./cut-object";
import { readFromPackage } from "./debian-package";
import type { MadeImages } from "./made-images";
import { sourcePackages } from "./packages";

const stamps = sourcePackages[0]!;
const stampFolder = "usr/share/tuxpaint/stamps";

/** How stamps are stored. */
export interface ObjectStorage {
  /** The folder that holds a folder for each class. */
  folder: string;
  /** The longer side, in pixels. */
  side: number;
  quality: "lossless" | "near-lossless";
}

/**
 * Cuts the chosen stamps out.
 * @param packages the packages' bytes by name
 * @param selection the list of choices: file, class, group, author, licence, source
 * @throws UserError naming a stamp that is smaller than the common side
 */
export async function makeObjects(
  packages: ReadonlyMap<string, Buffer>,
  selection: string,
  { folder, side, quality }: ObjectStorage,
): Promise<MadeImages> {
  const chosen = parseCsv(await fs.promises.readFile(selection, "utf8"), selection, [
    "file",
    "class",
    "group",
    "author",
    "licence",
    "source",
  ]);
  const described = (source: string) => source.replace(/\.png$/, ".txt");
  const wanted = new Set(
    chosen.flatMap(({ source }) => [`${stampFolder}/${source}`, `${stampFolder}/${described(source)}`]),
  );
  const files = await readFromPackage(packages.get(stamps.name)!, stamps.name, wanted);

  const images = [];
  const rows = [];
  for (const { source, class: className, ...choice } of chosen) {
    const stamp = await decodeImage(files.get(`${stampFolder}/${source}`)!, 4, source);
    const bytes = await encodeWebp(cutObject(stamp, side, source), quality);
    const file = `${folder}/${className.replaceAll(" ", "-")}/${choice.file}.webp`;
    images.push({ file, bytes, className });
    // The first line beside a stamp is its English description.
    const name = files
      .get(`${stampFolder}/${described(source)}`)!
      .toString("utf8")
      .split(/\r?\n/)[0]!
      .trim();
    rows.push({
      ...choice,
      file,
      class: className,
      name,
      source: `${stamps.name} ${stamps.version}: ${stampFolder}/${source}`,
      changes: `margin cut off, longer side reduced to ${side} px, converted to WebP`,
    });
  }
  return { table: formatCsv(objectColumns, rows), images };
}
