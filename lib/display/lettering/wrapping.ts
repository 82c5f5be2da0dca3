import { charactersOf } from "./characters";

const words = new Intl.Segmenter("en", { granularity: "word" });

/** Scripts that are written without spaces between words; Intl.Segmenter finds the words. */
const withoutSpaces =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;
/** Opening marks stay with what follows them; every other mark stays with what stands before it. */
const opening = /^[\p{Ps}\p{Pi}]+$/u;
const mark = /^[\p{P}\p{S}\p{M}]+$/u;

/** The parts of a word between which a line may end, in order. */
function partsOf(word: string): string[] {
  const parts: string[] = [];
  let joined = false;
  for (const { segment } of words.segment(word)) {
    // `_` and `.` join letters to one word for Unicode; a line may end after them.
    for (const piece of withoutSpaces.test(segment) ? [segment] : segment.split(/(?<=[_./\\-])(?=\p{L})/u)) {
      const last = parts.length - 1;
      if (last >= 0 && (joined || (mark.test(piece) && !opening.test(piece)))) parts[last] += piece;
      else parts.push(piece);
      joined = opening.test(piece);
    }
  }
  return parts;
}

/**
 * Breaks a text into lines that fit: at its spaces; in scripts without spaces, between words; a word that is longer
 * than a line after a hyphen or another mark inside it, and where there is none between two characters. A line break
 * in the text stays one.
 * @param fits whether a line is short enough; a single character that is not stays whole.
 */
export function breakLines(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split(/\r?\n/)) {
    let line = "";
    const add = (piece: string, space: string): boolean => {
      if (line !== "" && !fits(line + space + piece)) return false;
      if (line === "" && !fits(piece)) return false;
      line = line === "" ? piece : line + space + piece;
      return true;
    };
    const next = () => {
      if (line !== "") lines.push(line);
      line = "";
    };
    for (const word of paragraph.split(/\s+/)) {
      if (!withoutSpaces.test(word)) {
        if (add(word, " ")) continue;
        next();
        if (add(word, "")) continue;
      }
      let space = line === "" ? "" : " ";
      for (const part of partsOf(word)) {
        if (!add(part, space)) {
          next();
          if (!add(part, "")) {
            for (const character of charactersOf(part)) {
              if (add(character, "")) continue;
              next();
              line = character;
            }
          }
        }
        space = "";
      }
    }
    lines.push(line);
  }
  return lines;
}
