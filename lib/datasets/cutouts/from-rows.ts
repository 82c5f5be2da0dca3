import type { PixelImage } from "../../images/pixel-image";
import type { Background, CutoutObject } from "./collection";
import type { backgroundColumns, objectColumns } from "./layout";

type Row<Columns extends readonly string[]> = Record<Columns[number], string>;

/** The things that a table lists, with the sizes of their decoded images; classes are in alphabetical order. */
export function objectsFrom(
  rows: readonly Row<typeof objectColumns>[],
  images: ReadonlyMap<string, PixelImage>,
): { classes: string[]; objects: CutoutObject[] } {
  const classes = [...new Set(rows.map((row) => row.class))].sort();
  const objects = rows.map(({ class: className, ...row }) => ({
    ...row,
    ...sizeOf(row.file, images),
    className,
    label: classes.indexOf(className),
  }));
  return { classes, objects };
}

/** The backgrounds that a table lists, with the sizes of their decoded images. */
export function backgroundsFrom(
  rows: readonly Row<typeof backgroundColumns>[],
  images: ReadonlyMap<string, PixelImage>,
): Background[] {
  return rows.map((row) => ({ ...row, ...sizeOf(row.file, images) }));
}

function sizeOf(file: string, images: ReadonlyMap<string, PixelImage>) {
  const { width, height } = images.get(file)!;
  return { width, height };
}
