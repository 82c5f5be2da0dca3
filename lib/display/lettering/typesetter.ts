import type { Bidi } from "bidi-js";
import { loadPackage } from "../packages";
import { charactersOf, isEmoji } from "./characters";
import { fontFiles, hanFormsOf, packagesFor } from "./font-packages";
import { warnOfMissing } from "./missing-characters";
import { ascent, descent, type TextStyle } from "./text-style";
import { type Typeface, typefaceOf } from "./typeface";
import { breakLines } from "./wrapping";

/** The typefaces of Arimo, by `bold` and `italic`. */
type Cuts = Record<"400Regular" | "700Bold" | "400Regular_Italic" | "700Bold_Italic", Typeface>;

/** A stretch of text in one typeface and one direction. */
interface Run {
  text: string;
  typeface: Typeface | undefined;
  /** Of the Unicode bidirectional algorithm: odd where the text runs from right to left. */
  level: number;
}

let loadedBidi: Bidi | undefined;

/** The Unicode bidirectional algorithm. */
function bidi(): Bidi {
  loadedBidi ??= loadPackage(() => require("bidi-js") as () => Bidi)();
  return loadedBidi;
}

/** Every letter that is written from right to left lies in these blocks. */
const mayRunRightToLeft =
  /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Whether the text as a whole runs from right to left, by its first letter that has a direction. */
export function runsRightToLeft(text: string): boolean {
  return (
    mayRunRightToLeft.test(text) && (bidi().getEmbeddingLevels(text).paragraphs[0]?.level ?? 0) % 2 === 1
  );
}

/** Runs in the order in which they are seen from left to right (rule L2 of the algorithm). */
function inVisualOrder(runs: Run[]): Run[] {
  const ordered = [...runs];
  const highest = Math.max(0, ...runs.map(({ level }) => level));
  for (let level = highest; level > 0; level--) {
    for (let first = 0; first < ordered.length; first++) {
      let end = first;
      while (end < ordered.length && ordered[end]!.level >= level) end++;
      if (end > first) ordered.splice(first, end - first, ...ordered.slice(first, end).reverse());
      first = end;
    }
  }
  return ordered;
}

/** Measures and draws lines of text. Get one from `typesetterFor`, which brings the typefaces that they need. */
export class Typesetter {
  constructor(
    private readonly arimo: Cuts,
    /** Typefaces of the characters that Arimo lacks; undefined where no installed font has the character. */
    private readonly others: ReadonlyMap<string, Typeface | undefined>,
  ) {}

  private runs(line: string): Run[] {
    const text = line.replace(/\s/g, " ").replace(/\p{Cc}/gu, "");
    const levels = mayRunRightToLeft.test(text) ? bidi().getEmbeddingLevels(text).levels : undefined;
    const runs: Run[] = [];
    let at = 0;
    for (const character of charactersOf(text)) {
      const level = levels?.[at] ?? 0;
      at += character.length;
      // Parts of one character may lie in different font files; they are then drawn one after the other.
      const parts = this.others.has(character) ? [character] : character;
      for (const part of parts) {
        const typeface = this.others.get(part);
        const last = runs.at(-1);
        if (last && last.typeface === typeface && last.level === level) last.text += part;
        else runs.push({ text: part, typeface, level });
      }
    }
    return inVisualOrder(runs);
  }

  private glyphs(line: string, { bold = false, italic = false }: TextStyle) {
    const arimo = this.arimo[`${bold ? "700Bold" : "400Regular"}${italic ? "_Italic" : ""}`];
    return this.runs(line).flatMap(({ text, typeface = arimo, level }) =>
      typeface.shape(text, level % 2 === 1, bold).map((glyph) => ({ typeface, ...glyph })),
    );
  }

  /** Width of one line of text in pixels. */
  width(line: string, style: TextStyle): number {
    return this.glyphs(line, style).reduce((sum, { advance }) => sum + advance * style.size, 0);
  }

  /** Outline of one line of text as SVG path data; (`x`, `y`) is the left end of its base line, in pixels. */
  outline(line: string, x: number, y: number, style: TextStyle): string {
    let pen = x;
    const drawn: string[] = [];
    for (const glyph of this.glyphs(line, style)) {
      const origin = [pen + glyph.x * style.size, y - glyph.y * style.size] as const;
      for (const { type, values } of glyph.typeface.outline(glyph.id, style.bold === true)) {
        const points = values.map((value, index) =>
          index % 2 === 0 ? origin[0] + value * style.size : origin[1] - value * style.size,
        );
        drawn.push(type + points.map((value) => Math.round(value * 100) / 100).join(" "));
      }
      pen += glyph.advance * style.size;
    }
    return drawn.join("");
  }

  /** How far a line reaches above and below its base line in pixels: as Arimo does, or further where its marks do. */
  reach(line: string, style: TextStyle): { above: number; below: number } {
    let [above, below] = [ascent, descent];
    for (const { typeface, id, y } of this.glyphs(line, style)) {
      for (const { values } of typeface.outline(id, style.bold === true)) {
        for (let index = 1; index < values.length; index += 2) {
          above = Math.max(above, values[index]! + y);
          below = Math.max(below, -values[index]! - y);
        }
      }
    }
    return { above: above * style.size, below: below * style.size };
  }

  /** Breaks a text into lines of at most `width` pixels; a single character that is wider stays whole. */
  wrap(text: string, width: number, style: TextStyle): string[] {
    return breakLines(text, (line) => this.width(line, style) <= width);
  }
}

/** @returns whether the typefaces of a package have the character, and the one that has. */
async function findTypeface(character: string, packages: string[]): Promise<Typeface | undefined> {
  for (const name of packages) {
    for (const { path } of fontFiles(name, character.codePointAt(0)!)) {
      const typeface = await typefaceOf(path);
      if (typeface.has(character)) return typeface;
    }
  }
  return undefined;
}

/**
 * A typesetter for these texts and parts of them. A character that no installed font has is warned of, once.
 * Chinese characters take Japanese forms where one of the texts has kana, Korean ones where one has Hangul.
 */
export async function typesetterFor(...texts: readonly string[]): Promise<Typesetter> {
  const cuts = ["400Regular", "700Bold", "400Regular_Italic", "700Bold_Italic"] as const;
  const files = cuts.map((cut) =>
    loadPackage(() => require.resolve(`@expo-google-fonts/arimo/${cut}/Arimo_${cut}.ttf`)),
  );
  const faces = await Promise.all(files.map(typefaceOf));
  const arimo = Object.fromEntries(cuts.map((cut, index) => [cut, faces[index]!])) as Cuts;

  // ASCII is Arimo's. One character before each stretch goes along: an emoji may begin with a digit.
  const beyond = texts.flatMap((text) => text.match(/.?[^\p{ASCII}]+/gu) ?? []);
  const han = hanFormsOf(beyond.join(""));
  const others = new Map<string, Typeface | undefined>();
  const missing = new Set<string>();
  const place = async (character: string): Promise<boolean> => {
    if (others.has(character)) return true;
    if (!isEmoji(character) && arimo["400Regular"].has(character)) return true;
    const typeface = await findTypeface(character, packagesFor(character, han));
    if (!typeface) return arimo["400Regular"].has(character);
    others.set(character, typeface);
    // Its parts by themselves too, for a line that is broken inside it.
    for (const part of character) {
      if (!others.has(part) && !arimo["400Regular"].has(part) && typeface.has(part))
        others.set(part, typeface);
    }
    return true;
  };
  for (const character of new Set(beyond.flatMap(charactersOf))) {
    if (/^[\s\p{Cc}\p{Default_Ignorable_Code_Point}]*$/u.test(character) || (await place(character)))
      continue;
    for (const part of character) {
      if (/\p{Default_Ignorable_Code_Point}/u.test(part) || (await place(part))) continue;
      others.set(part, undefined);
      missing.add(part);
    }
  }
  warnOfMissing(missing);
  return new Typesetter(arimo, others);
}
