import sharp from "sharp";

/** A picture of a sheet: a file's bytes, and how large it is to be at most. */
export interface SheetEntry {
  bytes: Buffer;
  side: number;
}

const gap = 4;

/**
 * One PNG of many pictures, in rows that are filled from the left, on grey; a new row where `rows` begins one.
 * @param width of the sheet, in pixels
 */
export async function contactSheet(rows: readonly (readonly SheetEntry[])[], width: number): Promise<Buffer> {
  const placed: sharp.OverlayOptions[] = [];
  let top = gap;
  for (const row of rows) {
    const cell = Math.max(...row.map((entry) => entry.side)) + gap;
    const perLine = Math.floor((width - gap) / cell);
    for (const [index, { bytes, side }] of row.entries()) {
      const small = sharp(bytes).resize(side, side, { fit: "inside", withoutEnlargement: true });
      const { data, info } = await small.png().toBuffer({ resolveWithObject: true });
      placed.push({
        input: data,
        left: gap + (index % perLine) * cell + Math.floor((cell - gap - info.width) / 2),
        top: top + Math.floor(index / perLine) * cell + Math.floor((cell - gap - info.height) / 2),
      });
    }
    top += Math.ceil(row.length / perLine) * cell + gap;
  }
  const sheet = sharp({ create: { width, height: top, channels: 3, background: "#9aa39a" } });
  return sheet.composite(placed).png({ palette: true, colours: 256, effort: 10 }).toBuffer();
}
