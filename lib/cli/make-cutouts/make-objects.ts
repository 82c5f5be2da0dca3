import * as fs from "node:fs";
import { formatCsv, parseCsv } from "../../datasets/csv";
import { objectColumns, objectSide } from "../../datasets/cutouts/layout";
import { decodeImage } from "../../node/decode-image";
import { encodeWebp } from "../../node/encode-image";
import { cutObject } from "./cut-object";
import { readFromPackage } from "./debian-package";
import { sourcePackages } from "./packages";

const stamps = sourcePackages[0]!;
const stampFolder = "usr/share/tuxpaint/stamps";

/** The images of one kind, and the table that lists them. */
export interface MadeImages {
  /** The text of the table. */
  table: string;
  /** Where each image goes, relative to the data's folder, and its bytes, in the order of the list of choices. */
  images: { file: string; bytes: Buffer; className: string }[];
}

/**
 * Cuts the chosen stamps out.
 * @param packages the packages' bytes by name
 * @param selection the list of choices: file, class, group, author, licence, source
 */
export async function makeObjects(
  packages: ReadonlyMap<string, Buffer>,
  selection: string,
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
    const bytes = await encodeWebp(cutObject(stamp, objectSide, source), "lossless");
    const file = `objects/${className.replaceAll(" ", "-")}/${choice.file}.webp`;
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
      changes: `margin cut off, longer side reduced to ${objectSide} px, converted to WebP`,
    });
  }
  return { table: formatCsv(objectColumns, rows), images };
}
