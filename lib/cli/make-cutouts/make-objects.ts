import * as fs from "node:fs";
import * as path from "node:path";
import { formatCsv, parseCsv } from "../../datasets/csv";
import { objectColumns, objectSide } from "../../datasets/cutouts/layout";
import { decodeImage } from "../../images/decode";
import { encodeWebp } from "../../images/encode";
import { writeAtomically } from "../../runtime/files";
import { cutObject } from "./cut-object";
import { readFromPackage } from "./debian-package";
import { readPackage, sourcePackages } from "./packages";

const stamps = sourcePackages[0]!;
const stampFolder = "usr/share/tuxpaint/stamps";

/**
 * Cuts the chosen stamps out, and writes them and `objects.csv`.
 * @param selection the list of choices: file, class, group, author, licence, source
 * @param into the folder of the data
 * @returns the images' bytes, class by class in the order of the list
 */
export async function makeObjects(packages: string, selection: string, into: string): Promise<Buffer[][]> {
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
  const files = await readFromPackage(await readPackage(packages, stamps), stamps.name, wanted);

  const byClass = new Map<string, Buffer[]>();
  const rows = [];
  for (const { source, class: className, ...choice } of chosen) {
    const stamp = await decodeImage(files.get(`${stampFolder}/${source}`)!, 4, source);
    const bytes = await encodeWebp(cutObject(stamp, objectSide, source), "lossless");
    const file = `objects/${className.replaceAll(" ", "-")}/${choice.file}.webp`;
    await writeAtomically(path.join(into, file), bytes);
    byClass.set(className, [...(byClass.get(className) ?? []), bytes]);
    // The first line beside a stamp is its English description.
    const name = files
      .get(`${stampFolder}/${described(source)}`)!
      .toString("utf8")
      .split(/\r?\n/)[0]!
      .trim();
    const changes = `margin cut off, longer side reduced to ${objectSide} px, converted to WebP`;
    rows.push({
      ...choice,
      file,
      class: className,
      name,
      source: `${stamps.name} ${stamps.version}: ${stampFolder}/${source}`,
      changes,
    });
  }
  await writeAtomically(path.join(into, "objects.csv"), formatCsv(objectColumns, rows));
  return [...byClass.values()];
}
