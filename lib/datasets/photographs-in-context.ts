import type { PixelImage } from "../images/pixel-image";
import type { Rectangle } from "../images/resample";
import type { Credit } from "./cutouts/collection";

/** The columns of `photographs.csv`, one row a photograph. */
export const photographColumns = [
  "file",
  "class",
  "name",
  "left",
  "top",
  "width",
  "height",
  "setting",
  "several",
  "group",
  "author",
  "licence",
  "source",
  "url",
  "changes",
] as const;

/** Where the thing is: in its surroundings, lying on cloth or a board, on one colour, or filling the photograph. */
export const settings = ["scene", "surface", "plain", "close-up"] as const;

/** A photograph of a thing where it was found, prepared as a backbone wants it. For tests alone. */
export interface PhotographInContext extends Credit {
  /** Relative to the collection's folder, with forward slashes. */
  file: string;
  className: string;
  /** What it shows, in English. */
  name: string;
  /** `[224, 224, 3]`: the part that `partWith` chooses. */
  image: PixelImage;
  /** The thing's rough box, by eye, in fractions of `image`'s sides, from the left and from the top. */
  box: Rectangle;
  setting: (typeof settings)[number];
  /** Whether more than one such thing is in it; the box then holds them all, or the foremost. */
  several: boolean;
  /** Photographs of one group show the same things. */
  group: string;
  /** The original's page; empty where none is known. */
  url: string;
}

/**
 * The part that is cut out of a photograph: the square in its middle, as large as the shorter side, but moved along the
 * longer side as far as it takes to have the thing's box inside. Where the box is longer than that square, the part is as
 * long as the box, and loses its proportions once it is brought to a square; where the thing fills the photograph anyway, it is cut.
 *
 * @param photograph its width and height, in pixels @param box the thing's, in fractions of the sides
 * @param fills whether the thing fills the photograph, so that any square of it shows enough
 * @returns the part in whole pixels, and what is of the box in it, in fractions of the part's sides
 */
export function partWith(
  { width, height }: { width: number; height: number },
  box: Rectangle,
  fills: boolean,
): { part: Rectangle; box: Rectangle } {
  const side = Math.min(width, height);
  const across = along(width, side, box.left * width, box.width * width, fills);
  const down = along(height, side, box.top * height, box.height * height, fills);
  return {
    part: { left: across.start, top: down.start, width: across.length, height: down.length },
    box: { left: across.begin, top: down.begin, width: across.extent, height: down.extent },
  };
}

/** On one axis: the part's start and length in pixels, the box's begin and extent in fractions of the part. */
function along(whole: number, side: number, begin: number, extent: number, fills: boolean) {
  const end = begin + extent;
  const length = fills ? side : Math.min(whole, Math.max(side, Math.ceil(extent)));
  const middle = (whole - length) / 2;
  const wanted =
    extent > length ? (begin + end - length) / 2 : Math.min(Math.max(middle, end - length), begin);
  const start = Math.min(Math.max(0, Math.round(wanted)), whole - length);
  const from = Math.max(0, (begin - start) / length);
  return { start, length, begin: from, extent: Math.min(1, (end - start) / length) - from };
}
