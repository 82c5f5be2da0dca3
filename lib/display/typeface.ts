import * as fs from "node:fs";

/**
 * All text in pictures that this library makes is set in Arimo (Apache/OFL, metric-compatible with Arial) and
 * drawn as outlines. So a figure looks the same on a machine without any fonts, its bytes do not depend on
 * which fonts are installed, and what is measured is exactly what is drawn. A browser that shows the same
 * figure interactively finds Arimo or Arial, whose letters have the same widths.
 */
export const fontFamily = "Arimo, Arial, Liberation Sans, Helvetica, sans-serif";

/** Which cut of the typeface to use. */
export interface TextStyle {
  /** Size in pixels. */
  size: number;
  bold?: boolean;
  italic?: boolean;
}

/** The share of the font size that letters reach above and below the base line. */
export const ascent = 0.905;
export const descent = 0.212;

interface PathCommand {
  type: "M" | "L" | "Q" | "C" | "Z";
  x?: number;
  y?: number;
  x1?: number;
  y1?: number;
  x2?: number;
  y2?: number;
}

interface OpenTypeFont {
  getAdvanceWidth(text: string, size: number): number;
  getPath(text: string, x: number, y: number, size: number): { commands: PathCommand[] };
}

const fonts = new Map<string, OpenTypeFont>();

function fontFor(style: TextStyle): OpenTypeFont {
  const cut = `${style.bold ? "700Bold" : "400Regular"}${style.italic ? "_Italic" : ""}`;
  const known = fonts.get(cut);
  if (known) return known;
  // opentype.js ships no type declarations; what is used of it is declared above.
  const { parse } = require("opentype.js") as { parse(bytes: ArrayBuffer): OpenTypeFont };
  const bytes = fs.readFileSync(require.resolve(`@expo-google-fonts/arimo/${cut}/Arimo_${cut}.ttf`));
  const font = parse(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  );
  fonts.set(cut, font);
  return font;
}

/** Width of one line of text in pixels. */
export function measureText(text: string, style: TextStyle): number {
  return fontFor(style).getAdvanceWidth(text, style.size);
}

/** Outline of one line of text as SVG path data; (`x`, `y`) is the left end of its base line, in pixels. */
export function textOutline(text: string, x: number, y: number, style: TextStyle): string {
  // Not `toPathData` of opentype.js 2.0.0: it leaves out the space before a number that rounds to zero.
  return fontFor(style)
    .getPath(text, x, y, style.size)
    .commands.map((command) => {
      const { type, x1, y1, x2, y2 } = command;
      const numbers = [x1, y1, x2, y2, command.x, command.y].filter(
        (value): value is number => value !== undefined,
      );
      return type + numbers.map((value) => Math.round(value * 100) / 100).join(" ");
    })
    .join("");
}

/** Breaks a text at its spaces into lines of at most `width` pixels; a longer single word stays whole. */
export function wrapText(text: string, width: number, style: TextStyle): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(/\s+/)) {
      const longer = line === "" ? word : `${line} ${word}`;
      if (line !== "" && measureText(longer, style) > width) {
        lines.push(line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.push(line);
  }
  return lines;
}
