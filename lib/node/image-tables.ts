import * as fs from "node:fs";
import * as path from "node:path";
import { parseCsv } from "../datasets/csv";
import type { PixelImage } from "../images/pixel-image";
import { sha256 } from "../runtime/sha256";
import { UserError } from "../runtime/user-error";
import { decodeImage } from "./decode-image";
import { readWholeFile } from "./open-file";
import { explainReadFailure } from "./system-failure";

const remedy = "Bring the original back, by `git checkout -- data` for the committed collection.";

/** A table of a data folder that lists images: one row an image, its column `file` relative to the folder. */
export interface ImageTable<Column extends string> {
  folder: string;
  text: string;
  rows: Record<Column, string>[];
}

/** The images of a table: how they are decoded, and where they lie. */
export interface ListedImages {
  table: ImageTable<"file">;
  channels: 3 | 4;
  /** The part of the table's folder that holds these images and no others. */
  part: string;
  /** Whether the images lie in folders of `part`, one a class, or in `part` itself. */
  inClasses: boolean;
}

/** @throws UserError naming the file, when the table is missing or lacks a column */
export async function readImageTable<Column extends string>(
  folder: string,
  name: string,
  columns: readonly Column[],
): Promise<ImageTable<Column>> {
  const file = path.join(folder, name);
  if (!fs.existsSync(file)) throw new UserError(`${file} is missing, the list of the images. ${remedy}`);
  // A checkout on Windows may have turned line ends; the digest must not depend on it.
  const text = (await readWholeFile(file, file, remedy)).toString().replaceAll("\r\n", "\n");
  return { folder, text, rows: parseCsv(text, file, columns) };
}

/**
 * Checks tables against the files, and decodes every image once.
 *
 * @param lists whose files have different names
 * @returns the images by file, and the SHA-256 over the tables and every image file
 * @throws UserError naming the file, when an image is missing, damaged or has no row, and naming the folder, when
 *   a class has no images
 */
export async function loadListedImages(
  lists: readonly ListedImages[],
): Promise<{ images: Map<string, PixelImage>; digest: string }> {
  for (const list of lists) checkFiles(list);
  const images = new Map<string, PixelImage>();
  const digests = new Map<string, string>();
  const wanted = lists.flatMap(({ table, channels }) =>
    table.rows.map(({ file }) => ({ file, channels, place: path.join(table.folder, file) })),
  );
  const load = async ({ file, channels, place }: (typeof wanted)[number]) => {
    const bytes = await readWholeFile(place, `The image ${place}`, remedy);
    digests.set(file, sha256(bytes));
    images.set(file, await decodeImage(bytes, channels, place));
  };
  // A few at a time: a system lets a process open only so many files.
  for (let start = 0; start < wanted.length; start += 32) {
    await Promise.all(wanted.slice(start, start + 32).map(load));
  }
  const content = wanted.map(({ file }) => `${file} ${digests.get(file)}`).sort();
  return { images, digest: sha256([...lists.map(({ table }) => table.text), ...content].join("\n")) };
}

/** The files and the rows must be the same: an image without a row would have no credit and no licence. */
function checkFiles({ table: { folder, rows }, part, inClasses }: ListedImages): void {
  const known = new Set(rows.map((row) => row.file));
  for (const file of known) {
    if (!fs.existsSync(path.join(folder, file))) {
      throw new UserError(`${path.join(folder, file)} is missing, though the tables list it. ${remedy}`);
    }
  }
  const parts = inClasses
    ? readFolder(path.join(folder, part))
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${part}/${entry.name}`)
    : [part];
  for (const place of parts) {
    const images = readFolder(path.join(folder, place))
      .map((entry) => entry.name)
      .filter((name) => name.endsWith(".webp"));
    if (images.length === 0) {
      throw new UserError(
        `The folder ${path.join(folder, place)} holds no images. Remove it, or fill it again.`,
      );
    }
    const unknown = images.find((name) => !known.has(`${place}/${name}`));
    if (unknown) {
      throw new UserError(
        `${path.join(folder, place, unknown)} is in none of the tables. Give it a row with its author and licence, or remove it.`,
      );
    }
  }
}

function readFolder(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw explainReadFailure(error, `The folder ${folder}`, remedy);
  }
}
