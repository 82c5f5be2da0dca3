import type { Sharp } from "sharp";
import type { PixelImage } from "../../images/pixel-image";
import { loadSharp, sharpOf } from "../../node/sharp";
import { requireWhole } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";
import { type PlacedText, placeText, textPicture } from "../lettering/text-picture";
import type { TextStyle } from "../lettering/text-style";
import { typesetterFor } from "../lettering/typesetter";

/** One picture of a grid; a caption, in any script, is broken into lines that fit its cell. */
export interface GridCell {
  image: PixelImage;
  /** Drawn right below the picture in its own size, such as a `weightScale`; reduced where the cell is narrower. */
  scale?: PixelImage;
  caption?: string;
}

/** How pictures stand side by side. */
export interface GridOptions {
  /** Pictures in one row; all cells in one row when left out. */
  columns?: number;
  /** A line of text above the grid. */
  title?: string;
  /** A line of text above each row; as many as there are rows. */
  rowTitles?: string[];
  /** A text above each column, below the title; as many as there are columns. */
  columnTitles?: string[];
  /** Width and height in pixels of the square that every picture is fitted into; 224 when left out. */
  cellSize?: number;
}

const gutter = 12;
const captionStyle: TextStyle = { size: 14 };
const titleStyle: TextStyle = { size: 17, bold: true };
const rowTitleStyle: TextStyle = { size: 15, bold: true };
/** Distance in pixels of a caption from its picture. */
const aboveCaption = 5;

/** @throws UserError when the image's data does not fit its size. */
export function checkImage(image: PixelImage, name: string): void {
  if (image instanceof Promise)
    throw new UserError(`${name} is still being read: write \`await\` before it.`);
  if (!image?.data)
    throw new UserError(`${name} is missing. Pass images as readImage and renderScene give them.`);
  const { width, height, channels, data } = image;
  const whole = [width, height].every((side) => Number.isInteger(side) && side > 0);
  if (!whole || ![1, 3, 4].includes(channels) || data.length !== width * height * channels) {
    throw new UserError(
      `${name} is said to be ${width} × ${height} pixels with ${channels} channels but has ${data.length} bytes. ` +
        "Pass images as readImage and renderScene give them.",
    );
  }
}

/** Fits the picture into the square. A small one grows by whole factors, so that its pixels stay squares. */
async function fit(
  image: PixelImage,
  cellSize: number,
): Promise<{ png: Buffer; width: number; height: number }> {
  const scale = cellSize / Math.max(image.width, image.height);
  const factor = scale >= 2 ? Math.floor(scale) : scale;
  const width = Math.max(1, Math.round(image.width * factor));
  const height = Math.max(1, Math.round(image.height * factor));
  const kernel = scale >= 2 ? "nearest" : "lanczos3";
  const picture = sharpOf(image).toColourspace("srgb");
  const resized = factor === 1 ? picture : picture.resize(width, height, { fit: "fill", kernel });
  return { png: await resized.png({ compressionLevel: 1 }).toBuffer(), width, height };
}

/** A height rounded up; what is a whole number but for the last digits stays that number. */
const wholePixels = (height: number) => Math.ceil(height - 1e-6);

/** A scale at its own size, or as wide as the cell where it is wider. */
function reduced(scale: PixelImage, cellSize: number) {
  return fit(scale, Math.min(scale.width, cellSize));
}

/**
 * Pictures side by side on white, with their captions below them.
 * @returns the composed picture, still to be encoded.
 * @throws UserError when there are no cells, a picture's data does not fit its size, an option is no positive
 *   whole number, or the titles of rows or columns are not as many as these.
 */
export async function composeGrid(cells: GridCell[], options: GridOptions = {}): Promise<Sharp> {
  const { columns = cells.length, cellSize = 224, title, rowTitles, columnTitles } = options;
  if (cells.length === 0) throw new UserError("An image grid needs at least one image.");
  for (const [name, value] of Object.entries({ columns, cellSize }))
    requireWhole(`The image grid's ${name}`, value, 1);
  cells.forEach((cell, index) => {
    checkImage(cell.image, `Image ${index + 1} of the grid`);
    if (cell.scale) checkImage(cell.scale, `The scale of image ${index + 1}`);
  });

  const used = Math.min(columns, cells.length);
  const rows = Math.ceil(cells.length / used);
  if (rowTitles && rowTitles.length !== rows) {
    throw new UserError(`The image grid has ${rows} rows and ${rowTitles.length} row titles.`);
  }
  if (columnTitles && columnTitles.length !== used) {
    throw new UserError(`The image grid has ${used} columns and ${columnTitles.length} column titles.`);
  }
  const width = used * (cellSize + gutter) + gutter;
  const layers: { input: Buffer; left: number; top: number }[] = [];
  const texts: PlacedText[] = [];
  const captions = cells.flatMap(({ caption }) => caption ?? []);
  const typesetter = await typesetterFor(
    title ?? "",
    ...(rowTitles ?? []),
    ...(columnTitles ?? []),
    ...captions,
  );
  let top = gutter;
  const addHeading = (text: string, style: TextStyle) => {
    const box = { left: gutter, top, width: width - 2 * gutter, align: "start" } as const;
    const { lines, height } = placeText(typesetter, text, box, style);
    texts.push(...lines);
    top += wholePixels(height) + gutter / 2;
  };
  if (title) addHeading(title, titleStyle);
  if (columnTitles) {
    const placed = columnTitles.map((text, index) => {
      const box = {
        left: gutter + index * (cellSize + gutter),
        top,
        width: cellSize,
        align: "centre",
      } as const;
      return placeText(typesetter, text, box, rowTitleStyle);
    });
    texts.push(...placed.flatMap(({ lines }) => lines));
    top += wholePixels(Math.max(...placed.map(({ height }) => height))) + gutter / 2;
  }
  for (let first = 0; first < cells.length; first += used) {
    const row = cells.slice(first, first + used);
    if (rowTitles) addHeading(rowTitles[first / used]!, rowTitleStyle);
    const pictures = await Promise.all(row.map((cell) => fit(cell.image, cellSize)));
    const scales = await Promise.all(row.map(({ scale }) => scale && reduced(scale, cellSize)));
    // A row is as high as its highest picture; scales and captions start right below that.
    const rowHeight = Math.max(...pictures.map((picture) => picture.height));
    const scaleHeight = Math.max(...scales.map((scale) => scale?.height ?? 0));
    const captionTop = top + rowHeight + scaleHeight + aboveCaption;
    let captionHeight = 0;
    row.forEach(({ caption }, index) => {
      const left = gutter + index * (cellSize + gutter);
      const middle = (width: number) => left + Math.floor((cellSize - width) / 2);
      const { png, width: pictureWidth, height } = pictures[index]!;
      layers.push({ input: png, left: middle(pictureWidth), top: top + rowHeight - height });
      const scale = scales[index];
      if (scale) layers.push({ input: scale.png, left: middle(scale.width), top: top + rowHeight });
      if (!caption) return;
      const box = { left, top: captionTop, width: cellSize, align: "centre" } as const;
      const { lines, height: textHeight } = placeText(typesetter, caption, box, captionStyle);
      texts.push(...lines);
      captionHeight = Math.max(captionHeight, aboveCaption + wholePixels(textHeight));
    });
    top += rowHeight + scaleHeight + captionHeight + gutter;
  }
  layers.push({ input: textPicture(typesetter, width, top, texts), left: 0, top: 0 });
  const { data, info } = await loadSharp()({
    create: { width, height: top, channels: 3, background: "#ffffff" },
  })
    .composite(layers)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return loadSharp()(data, { raw: { width: info.width, height: info.height, channels: 3 } });
}

/** The grid as PNG; errors as `composeGrid`. */
export async function imageGrid(cells: GridCell[], options: GridOptions = {}): Promise<Buffer> {
  return (await composeGrid(cells, options)).png({ compressionLevel: 9 }).toBuffer();
}
