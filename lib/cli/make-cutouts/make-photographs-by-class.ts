import * as fs from "node:fs";
import { formatCsv, parseCsv } from "../../datasets/csv";
import type { PixelImage } from "../../images/pixel-image";
import { decodeImage } from "../../node/decode-image";
import { encodeWebp } from "../../node/encode-image";
import { resizeImage } from "../../node/resize-image";
import type { MadeImages } from "./made-images";
import { sourceOf } from "./packages";
import { readOriginals } from "./read-originals";

/** Most of the originals are as small as that. */
const longerSide = 320;
const quality = 86;

const columns = ["file", "class", "author", "licence", "url"] as const;

/**
 * Reduces photographs to a folder for each class, as `npm run transfer` reads them; none is enlarged.
 * @param packages the packages' bytes by name
 * @param selection the list of choices: file, class, author, licence, url, package, archive, source
 */
export async function makePhotographsByClass(
  packages: ReadonlyMap<string, Buffer>,
  selection: string,
): Promise<MadeImages> {
  const text = await fs.promises.readFile(selection, "utf8");
  const chosen = parseCsv(text, selection, [...columns, "package", "archive", "source"]);
  const originals = await readOriginals(packages, chosen);
  const images = [];
  const rows = [];
  for (const { package: packageName, archive, source, ...choice } of chosen) {
    const original = await decodeImage(originals.get(source)!, 3, source);
    const reduced = await reduce(original);
    const file = `${choice.class}/${choice.file}.webp`;
    images.push({ file, bytes: await encodeWebp(reduced, quality), className: choice.class });
    const changes = reduced === original ? "" : `longer side reduced to ${longerSide} px, `;
    rows.push({
      ...choice,
      file,
      source: sourceOf({ package: packageName, archive, source }),
      changes: `${changes}saved as WebP`,
    });
  }
  return { table: formatCsv([...columns, "source", "changes"], rows), images };
}

async function reduce(image: PixelImage): Promise<PixelImage> {
  const scale = longerSide / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  return resizeImage(image, Math.round(image.width * scale), Math.round(image.height * scale));
}
