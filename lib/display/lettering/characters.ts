const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Characters as readers see them: a letter with its accents, an emoji with its parts. */
export function charactersOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** Whether the character is a picture: one that stands by itself, or a letter that is asked to be one. */
export function isEmoji(character: string): boolean {
  return /\ufe0f|\p{Emoji_Presentation}/u.test(character);
}
