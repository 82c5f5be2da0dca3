import * as fs from "node:fs";
import * as path from "node:path";
import { parseCsv } from "../datasets/csv";
import type { CutoutCollection } from "../datasets/cutouts/collection";
import { backgroundColumns, objectColumns } from "../datasets/cutouts/layout";
import type { PixelImage } from "../images/pixel-image";
import { sha256 } from "../runtime/sha256";
import { UserError } from "../runtime/user-error";
import { decodeImage } from "./decode-image";
import { dataFolder } from "./files";
import { readWholeFile } from "./open-file";
import { explainReadFailure } from "./system-failure";

const remedy = "Bring the original back, by `git checkout -- data` for the committed collection.";

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
  const objectTable = await readTable(folder, "objects.csv");
  const backgroundTable = await readTable(folder, "backgrounds.csv");
  const objectRows = parseCsv(objectTable.text, objectTable.file, objectColumns);
  const backgroundRows = parseCsv(backgroundTable.text, backgroundTable.file, backgroundColumns);
  const listed = [...objectRows, ...backgroundRows].map((row) => row.file);
  checkFiles(folder, listed);

  const images = new Map<string, PixelImage>();
  const digests = new Map<string, string>();
  const load = async (file: string, channels: 3 | 4) => {
    const place = path.join(folder, file);
    const bytes = await readWholeFile(place, `The image ${place}`, remedy);
    digests.set(file, sha256(bytes));
    images.set(file, await decodeImage(bytes, channels, place));
  };
  const wanted = [
    ...objectRows.map(({ file }) => [file, 4] as const),
    ...backgroundRows.map(({ file }) => [file, 3] as const),
  ];
  // A few at a time: a system lets a process open only so many files.
  for (let start = 0; start < wanted.length; start += 32) {
    await Promise.all(wanted.slice(start, start + 32).map(([file, channels]) => load(file, channels)));
  }

  const classes = [...new Set(objectRows.map((row) => row.class))].sort();
  const sizeOf = (file: string) => {
    const { width, height } = images.get(file)!;
    return { width, height };
  };
  const objects = objectRows.map(({ class: className, ...row }) => ({
    ...row,
    ...sizeOf(row.file),
    className,
    label: classes.indexOf(className),
  }));
  const backgrounds = backgroundRows.map((row) => ({ ...row, ...sizeOf(row.file) }));
  const content = listed.map((file) => `${file} ${digests.get(file)}`).sort();
  const digest = sha256([objectTable.text, backgroundTable.text, ...content].join("\n"));
  return { classes, objects, backgrounds, images, digest };
}

async function readTable(folder: string, name: string): Promise<{ file: string; text: string }> {
  const file = path.join(folder, name);
  if (!fs.existsSync(file)) throw new UserError(`${file} is missing, the list of the images. ${remedy}`);
  // A checkout on Windows may have turned line ends; the digest must not depend on it.
  return { file, text: (await readWholeFile(file, file, remedy)).toString().replaceAll("\r\n", "\n") };
}

function readFolder(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw explainReadFailure(error, `The folder ${folder}`, remedy);
  }
}

/** The files and the rows must be the same: an image without a row would have no credit and no licence. */
function checkFiles(folder: string, listed: readonly string[]): void {
  const known = new Set(listed);
  for (const file of listed) {
    if (!fs.existsSync(path.join(folder, file))) {
      throw new UserError(`${path.join(folder, file)} is missing, though the tables list it. ${remedy}`);
    }
  }
  const classFolders = readFolder(path.join(folder, "objects"))
    .filter((entry) => entry.isDirectory())
    .map((entry) => `objects/${entry.name}`);
  for (const part of [...classFolders, "backgrounds"]) {
    const images = readFolder(path.join(folder, part))
      .map((entry) => entry.name)
      .filter((name) => name.endsWith(".webp"));
    if (images.length === 0) {
      throw new UserError(
        `The folder ${path.join(folder, part)} holds no images. Remove it, or fill it again.`,
      );
    }
    const unknown = images.find((name) => !known.has(`${part}/${name}`));
    if (unknown) {
      throw new UserError(
        `${path.join(folder, part, unknown)} is in none of the tables. Give it a row with its author and licence, or remove it.`,
      );
    }
  }
}
