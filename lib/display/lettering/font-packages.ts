import * as fs from "node:fs";
import * as path from "node:path";
import { isEmoji } from "./characters";

/** A font file that holds some of a typeface's characters. */
export interface FontFile {
  path: string;
  /** First and last code points of the stretches that it is made for; it may lack some of them. */
  ranges: [first: number, last: number][];
}

/**
 * Unicode's names of scripts that have a package of their own on npm, `@fontsource-variable/noto-sans-…` or
 * `@fontsource/noto-sans-…`. Any that is installed is used. The first two lines come with this project.
 */
const scriptsWithPackage = [
  ..."Arabic Armenian Bengali Devanagari Ethiopic Georgian Gujarati Gurmukhi Hebrew Kannada Khmer".split(" "),
  ..."Lao Malayalam Myanmar Oriya Sinhala Tamil Telugu Thai".split(" "),
  ..."Adlam Balinese Bamum Batak Buginese Canadian_Aboriginal Cham Cherokee Coptic Javanese Lisu".split(" "),
  ..."Meetei_Mayek Mongolian Nko Ol_Chiki Sundanese Syriac Tai_Le Tai_Tham Thaana Tifinagh Vai Yi".split(" "),
].map((script) => ({
  letters: new RegExp(`\\p{Script_Extensions=${script}}`, "u"),
  name: `noto-sans-${script.toLowerCase().replace("_", "-")}`,
}));

const otherScripts = [
  { letters: /\p{Script=Tibetan}/u, name: "noto-serif-tibetan" },
  { letters: /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u, name: "noto-sans" },
];
const eastAsian = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}]/u;

/** Which country's forms Chinese characters take. */
export type HanForms = "sc" | "jp" | "kr";

/** Kana make a text Japanese and Hangul Korean; other Chinese characters take the forms of mainland China. */
export function hanFormsOf(text: string): HanForms {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return "jp";
  return /\p{Script=Hangul}/u.test(text) ? "kr" : "sc";
}

/** The package that is made for the character's script, installed or not; undefined for marks of all scripts. */
export function scriptPackage(character: string): string | undefined {
  return [...otherScripts, ...scriptsWithPackage].find(({ letters }) => letters.test(character))?.name;
}

/** Packages that may have a character that Arimo lacks, the likeliest first, whether they are installed or not. */
export function packagesFor(character: string, han: HanForms): string[] {
  const own = scriptPackage(character);
  const asian = [han, "sc", "jp", "kr"].map((forms) => `noto-sans-${forms}`);
  const first = isEmoji(character) ? ["noto-emoji"] : eastAsian.test(character) ? asian : [];
  const last = ["noto-sans-math", "noto-sans-symbols-2", ...asian, "noto-emoji"];
  return [...new Set([...(own ? [own] : []), ...first, ...last])];
}

function rangesOf(text: string): [number, number][] {
  return text.split(",").map((part) => {
    const [first, last = first] = part.trim().replace("U+", "").split("-") as [string, string?];
    return [Number.parseInt(first, 16), Number.parseInt(last!, 16)];
  });
}

/** The whole of Unicode, for a package whose one file holds more than its list says. */
const everything: [number, number][] = [[0, 0x10ffff]];

function readPackage(name: string): FontFile[] {
  for (const [scope, cut] of [
    ["@fontsource-variable", "wght"],
    ["@fontsource", "400"],
  ]) {
    let list: string;
    try {
      list = require.resolve(`${scope}/${name}/unicode.json`);
    } catch {
      continue; // The package is not installed.
    }
    const parts = Object.entries(JSON.parse(fs.readFileSync(list, "utf8")) as Record<string, string>);
    return parts.map(([part, ranges]) => ({
      path: path.join(
        path.dirname(list),
        "files",
        `${name}-${part.replace(/[[\]]/g, "")}-${cut}-normal.woff2`,
      ),
      ranges: parts.length === 1 ? everything : rangesOf(ranges),
    }));
  }
  return [];
}

const known = new Map<string, FontFile[]>();

function filesOf(name: string): FontFile[] {
  const files = known.get(name) ?? readPackage(name);
  known.set(name, files);
  return files;
}

export const isInstalled = (name: string) => filesOf(name).length > 0;

/** The files of a package that may have the character; none where the package is not installed. */
export function fontFiles(name: string, codePoint: number): FontFile[] {
  return filesOf(name).filter(({ ranges }) =>
    ranges.some(([first, last]) => codePoint >= first && codePoint <= last),
  );
}
