import { type TextStyle, textOutline } from "./typeface";

/** A line of text at a place in a picture; (`x`, `y`) is the left end of its base line, in pixels. */
export interface PlacedText {
  text: string;
  x: number;
  y: number;
  style: TextStyle;
}

/** A transparent SVG of `width` × `height` pixels with lines of dark text, to be laid over a picture. */
export function textPicture(width: number, height: number, texts: PlacedText[], colour = "#222222"): Buffer {
  const paths = texts.map(({ text, x, y, style }) => `<path d="${textOutline(text, x, y, style)}"/>`);
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" fill="${colour}">${paths.join("")}</svg>`,
  );
}
