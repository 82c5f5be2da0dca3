import * as fs from "node:fs";
import { importPackage } from "../packages";

type HarfBuzz = typeof import("harfbuzzjs", { with: { "resolution-mode": "import" }});
type Face = InstanceType<HarfBuzz["Face"]>;
type Font = InstanceType<HarfBuzz["Font"]>;

/** A glyph at its place in a run; lengths as shares of the font size, y upwards. */
export interface Glyph {
  id: number;
  advance: number;
  x: number;
  y: number;
}

/** A step of an outline: a letter of SVG's path data with its points, as shares of the font size, y upwards. */
export interface OutlineStep {
  type: string;
  values: number[];
}

/** What takes no room and needs no glyph: joiners, variation selectors. */
const invisible = /\p{Default_Ignorable_Code_Point}/u;

/** One font file, read by HarfBuzz, which also joins, orders and places its glyphs. */
export class Typeface {
  private readonly face: Face;
  private readonly cuts = new Map<number, Font>();
  private readonly outlines = new Map<string, OutlineStep[]>();

  constructor(
    private readonly harfBuzz: HarfBuzz,
    bytes: Uint8Array,
  ) {
    this.face = new harfBuzz.Face(new harfBuzz.Blob(bytes));
  }

  private cut(bold: boolean): Font {
    const weight = bold ? 700 : 400;
    const known = this.cuts.get(weight);
    if (known) return known;
    const font = new this.harfBuzz.Font(this.face);
    if ("wght" in this.face.getAxisInfos()) {
      font.setVariations([new this.harfBuzz.Variation("wght", weight)]);
    }
    this.cuts.set(weight, font);
    return font;
  }

  /** Whether every visible part of the character has a glyph. */
  has(character: string): boolean {
    const font = this.cut(false);
    return [...character].every(
      (part) => invisible.test(part) || font.nominalGlyph(part.codePointAt(0)!) !== undefined,
    );
  }

  /** The glyphs of a stretch of one direction, from left to right. */
  shape(text: string, rightToLeft: boolean, bold: boolean): Glyph[] {
    const { Buffer, Direction, shape } = this.harfBuzz;
    const buffer = new Buffer();
    buffer.addText(text);
    buffer.guessSegmentProperties();
    buffer.setDirection(rightToLeft ? Direction.RTL : Direction.LTR);
    shape(this.cut(bold), buffer);
    const unit = this.face.upem;
    return buffer.getGlyphInfosAndPositions().map((glyph) => ({
      id: glyph.codepoint,
      advance: glyph.xAdvance! / unit,
      x: glyph.xOffset! / unit,
      y: glyph.yOffset! / unit,
    }));
  }

  outline(glyph: number, bold: boolean): OutlineStep[] {
    const key = `${glyph}${bold ? "b" : ""}`;
    const known = this.outlines.get(key);
    if (known) return known;
    const unit = this.face.upem;
    const steps = this.cut(bold)
      .glyphToJson(glyph)
      .map(({ type, values }) => ({ type, values: values.map((value) => value / unit) }));
    this.outlines.set(key, steps);
    return steps;
  }
}

let harfBuzz: Promise<HarfBuzz> | undefined;
const typefaces = new Map<string, Promise<Typeface>>();

async function read(file: string): Promise<Typeface> {
  harfBuzz ??= importPackage(() => import("harfbuzzjs"));
  const bytes = await fs.promises.readFile(file);
  if (!file.endsWith(".woff2")) return new Typeface(await harfBuzz, bytes);
  const { default: decompress } = await importPackage(() => import("woff2-encoder/decompress"));
  return new Typeface(await harfBuzz, await decompress(bytes));
}

/** The typeface of a font file (TrueType, OpenType or WOFF2), read once in a process. */
export function typefaceOf(file: string): Promise<Typeface> {
  const typeface = typefaces.get(file) ?? read(file);
  typefaces.set(file, typeface);
  return typeface;
}
