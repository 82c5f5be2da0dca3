/**
 * All text in pictures that this library makes is drawn as outlines of fonts that come with the project. So a figure
 * looks the same on a machine without any fonts, its bytes do not depend on which fonts are installed, and what is
 * measured is exactly what is drawn. Latin, Greek, Cyrillic and Hebrew are set in Arimo (Apache/OFL), whose letters
 * have the widths of Arial: a browser that shows the same figure interactively finds one of the two.
 */
export const fontFamily = "Arimo, Arial, Liberation Sans, Helvetica, sans-serif";

/** Which cut of the typeface to use. */
export interface TextStyle {
  /** Size in pixels. */
  size: number;
  bold?: boolean;
  italic?: boolean;
}

/** The share of the font size that Arimo's letters reach above and below the base line. */
export const ascent = 0.905;
export const descent = 0.212;

/** What lies between the lines of a text, as a share of the font size: they are 1.3 times the size apart. */
export const textGap = 1.3 - ascent - descent;
