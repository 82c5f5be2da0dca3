import * as path from "node:path";
import { requireNumbers } from "../datasets/csv";
import {
  type PhotographInContext,
  partWith,
  photographColumns,
  settings,
} from "../datasets/photographs-in-context";
import type { PixelImage } from "../images/pixel-image";
import { type Rectangle, resample } from "../images/resample";
import { UserError } from "../runtime/user-error";
import { dataFolder } from "./files";
import { loadListedImages, readImageTable } from "./image-tables";

const table = "photographs.csv";
const side = 224;
type Row = Record<(typeof photographColumns)[number], string>;

/** Photographs of things where they were found. They never serve a choice: no training, no validation. */
export interface PhotographCollection {
  /** The names of the classes, in alphabetical order. */
  classes: string[];
  photographs: PhotographInContext[];
  /** SHA-256 over the table and every image file. */
  digest: string;
}

/**
 * Loads the photographs in context: the table is checked against the files, and every image is decoded and prepared.
 *
 * Of each photograph the square in its middle is taken, as large as its shorter side, and brought to 224 × 224 pixels,
 * bilinearly with antialiasing. Where that would cut the thing's box off, the square is moved; where the thing is longer
 * than the square, a longer part is squeezed, by 1.6 at most (`partWith`). Four tools whose originals are 180 to 213 px
 * high are enlarged.
 *
 * @param folder with `photographs.csv` and the images; the project's own where none is given
 * @throws UserError naming the file, when the table or an image is missing, damaged or has no row, and naming the row,
 *   when its box, setting or number of things is none
 */
export async function loadPhotographsInContext(
  folder = path.join(dataFolder(), "photographs-in-context"),
): Promise<PhotographCollection> {
  const listed = await readImageTable(folder, table, photographColumns);
  requireNumbers(listed.rows, ["left", "top", "width", "height"], path.join(folder, table));
  const rows = listed.rows.map((row, index) =>
    checked(row, `Row ${index + 2} of ${path.join(folder, table)}`),
  );
  const { images, digest } = await loadListedImages([
    { table: listed, channels: 3, part: "photographs", inClasses: true },
  ]);
  const photographs = rows.map(({ box, ...photograph }) => {
    const whole = images.get(photograph.file)!;
    const cut = partWith(whole, box, photograph.setting === "close-up");
    return { ...photograph, image: prepared(whole, cut.part), box: cut.box };
  });
  return { classes: [...new Set(photographs.map(({ className }) => className))].sort(), photographs, digest };
}

/** The row as a photograph's properties, its box still in fractions of the whole photograph. */
function checked({ class: className, left, top, width, height, several, ...row }: Row, where: string) {
  const mend = "Mend it, or bring the original file back.";
  const box: Rectangle = {
    left: Number(left),
    top: Number(top),
    width: Number(width),
    height: Number(height),
  };
  const inside = (begin: number, extent: number) => begin >= 0 && extent > 0 && begin + extent <= 1 + 1e-9;
  if (!inside(box.left, box.width) || !inside(box.top, box.height)) {
    throw new UserError(
      `${where} has the box ${left}, ${top}, ${width}, ${height}, which does not lie in the photograph. ${mend}`,
    );
  }
  const setting = settings.find((known) => known === row.setting);
  if (!setting) {
    throw new UserError(
      `${where} has the setting "${row.setting}" and not ${settings.join(" or ")}. ${mend}`,
    );
  }
  if (several !== "yes" && several !== "no") {
    throw new UserError(`${where} has "${several}" in the column several, not yes or no. ${mend}`);
  }
  return { ...row, className, box, setting, several: several === "yes" };
}

function prepared(whole: PixelImage, part: Rectangle): PixelImage {
  const data = Uint8Array.from(resample(whole, part, side, side).data, (value) =>
    Math.min(255, Math.max(0, Math.round(value))),
  );
  return { width: side, height: side, channels: 3, data };
}
