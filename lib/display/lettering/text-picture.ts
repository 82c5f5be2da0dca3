import { type TextStyle, textGap } from "./text-style";
import { runsRightToLeft, type Typesetter } from "./typesetter";

/** A line of text at a place in a picture; (`x`, `y`) is the left end of its base line, in pixels. */
export interface PlacedText {
  text: string;
  x: number;
  y: number;
  style: TextStyle;
}

/** Where a text stands: the box that its lines are fitted into, and how they lie in it. */
export interface TextBox {
  left: number;
  top: number;
  width: number;
  /** `start` is the left, and for a text that runs from right to left the right. */
  align: "start" | "centre";
}

/**
 * A text broken into lines that fit its box. Lines are 1.3 times the font size apart, or further where letters with
 * marks above or below would touch.
 * @returns the lines, and the height in pixels that they take from `top`.
 */
export function placeText(
  typesetter: Typesetter,
  text: string,
  { left, top, width, align }: TextBox,
  style: TextStyle,
): { lines: PlacedText[]; height: number } {
  const atRight = align === "start" && runsRightToLeft(text);
  let bottom = top;
  const lines = typesetter.wrap(text, width, style).map((line, index): PlacedText => {
    const { above, below } = typesetter.reach(line, style);
    const y = bottom + above + (index > 0 ? textGap * style.size : 0);
    bottom = y + below;
    const rest = width - typesetter.width(line, style);
    return { text: line, x: left + (align === "centre" ? rest / 2 : atRight ? rest : 0), y, style };
  });
  return { lines, height: bottom + textGap * style.size - top };
}

/** A transparent SVG of `width` × `height` pixels with lines of dark text, to be laid over a picture. */
export function textPicture(
  typesetter: Typesetter,
  width: number,
  height: number,
  texts: PlacedText[],
  colour = "#222222",
): Buffer {
  const paths = texts.map(({ text, x, y, style }) => `<path d="${typesetter.outline(text, x, y, style)}"/>`);
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" fill="${colour}">${paths.join("")}</svg>`,
  );
}
