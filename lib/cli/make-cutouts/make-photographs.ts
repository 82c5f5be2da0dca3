import * as fs from "node:fs";
import { formatCsv, parseCsv } from "../../datasets/csv";
import { photographColumns } from "../../datasets/photographs-in-context";
import type { PixelImage } from "../../images/pixel-image";
import type { Rectangle } from "../../images/resample";
import { resample } from "../../images/resample";
import { decodeImage } from "../../node/decode-image";
import { encodeWebp } from "../../node/encode-image";
import type { MadeImages } from "./made-images";
import { sourceOf } from "./packages";
import { readOriginals } from "./read-originals";

/** A little more than a backbone takes, so that the compression's traces are averaged away. */
const shorterSide = 256;
const quality = 88;

/**
 * Reduces the chosen photographs of things in their surroundings; none is enlarged.
 * @param packages the packages' bytes by name
 * @param selection the list of choices: the columns of the table but for `changes`, and package, archive, source and
 *   crop (left, top, width and height in the original's pixels, or empty)
 */
export async function makePhotographs(
  packages: ReadonlyMap<string, Buffer>,
  selection: string,
): Promise<MadeImages> {
  const given = photographColumns.filter((column) => column !== "changes");
  const columns = [...given, "package", "archive", "crop"] as const;
  const chosen = parseCsv(await fs.promises.readFile(selection, "utf8"), selection, columns);
  const originals = await readOriginals(packages, chosen);
  const images = [];
  const rows = [];
  for (const { package: packageName, archive, source, crop, ...choice } of chosen) {
    const original = await decodeImage(originals.get(source)!, 3, source);
    const part = crop === "" ? undefined : rectangleOf(crop);
    const { image, reduced } = reduce(original, part);
    const file = `photographs/${choice.class.replaceAll(" ", "-")}/${choice.file}.webp`;
    images.push({ file, bytes: await encodeWebp(image, quality), className: choice.class });
    const changes = [
      part && `cropped to ${part.width} × ${part.height} px from ${part.left}, ${part.top}`,
      reduced && `shorter side reduced to ${shorterSide} px`,
      "saved as WebP",
    ];
    rows.push({
      ...choice,
      file,
      source: sourceOf({ package: packageName, archive, source }),
      changes: changes.filter(Boolean).join(", "),
    });
  }
  return { table: formatCsv(photographColumns, rows), images };
}

function rectangleOf(crop: string): Rectangle {
  const [left, top, width, height] = crop.split(" ").map(Number) as [number, number, number, number];
  return { left, top, width, height };
}

function reduce(original: PixelImage, crop?: Rectangle): { image: PixelImage; reduced: boolean } {
  const part = crop ?? { left: 0, top: 0, width: original.width, height: original.height };
  const scale = Math.min(1, shorterSide / Math.min(part.width, part.height));
  const [width, height] = [Math.round(part.width * scale), Math.round(part.height * scale)];
  const data = Uint8Array.from(resample(original, part, width, height).data, (value) =>
    Math.min(255, Math.max(0, Math.round(value))),
  );
  return { image: { width, height, channels: 3, data }, reduced: scale < 1 };
}
