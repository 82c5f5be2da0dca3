import { isInstalled, scriptPackage } from "./font-packages";

const told = new Set<string>();

/** Names the characters that will be drawn as boxes, and what to install; each once in a process. */
export function warnOfMissing(characters: Iterable<string>): void {
  const news = [...characters].filter((character) => !told.has(character));
  if (news.length === 0) return;
  for (const character of news) told.add(character);
  const names = news.map(
    (character) =>
      `${character} (U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")})`,
  );
  const packages = news
    .flatMap((character) => scriptPackage(character) ?? [])
    .filter((name) => !isInstalled(name));
  const remedy =
    packages.length > 0
      ? `Install the font: npm install ${[...new Set(packages)].map((name) => `@fontsource/${name}`).join(" ")}`
      : "Write the text with other characters";
  process.emitWarning(
    `No installed font has ${names.join(", ")}: pictures show a box instead. ${remedy}.`,
    "MissingCharacterWarning",
  );
}
