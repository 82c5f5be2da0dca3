import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import type { GridCell } from "./image-grid";
import { checkMap, type ImageMap, scaleTop } from "./image-map";
import { withOutline } from "./outline";
import { overlayWeights } from "./overlay";
import { weightScale } from "./weight-scale";

/** A map with the words that stand below it. */
export interface CaptionedMap extends ImageMap {
  /** Names the method, head, class or epoch, and a number where there is one. */
  caption: string;
}

/** How maps over one photograph are drawn. */
export interface CompareMapsOptions {
  /** What the numbers are, for the scales: "attention weight", "relevance". */
  quantity: string;
  /**
   * `shared`: one scale up to the largest value of all, for maps of one kind (heads, epochs). `own`: each map on a
   * scale of its own, for methods whose numbers have different units. No scale ends below four times a map's mean.
   */
  scale: "shared" | "own";
  /** The object's true mask, of the image's size; its border is drawn on every picture. */
  outline?: PixelImage;
}

/**
 * One photograph under several maps side by side: of methods, heads, classes or epochs. First the photograph alone,
 * then the maps, each with its scale below it or, where they share one, with the scale at the end.
 *
 * ```ts
 * const maps = [0, 1, 2, 3].map((head) => ({
 *   map: weights.subarray(49 * head, 49 * (head + 1)), rows: 7, columns: 7, caption: `head ${head + 1}`,
 * }));
 * const cells = await compareMaps(photograph, maps, { quantity: "attention weight", scale: "shared" });
 * await showImages(cells, { columns: 3, alt: "…" });
 * ```
 * @returns cells for `showImages` and `saveImages`.
 * @throws UserError without maps, and as `overlayWeights`.
 */
export async function compareMaps(
  image: PixelImage,
  maps: readonly CaptionedMap[],
  { quantity, scale, outline }: CompareMapsOptions,
): Promise<GridCell[]> {
  if (maps.length === 0) throw new UserError("compareMaps needs at least one map.");
  maps.forEach(checkMap);
  const shared = maps.map(scaleTop).reduce((most, value) => Math.max(most, value));
  const drawing = outline && { outline };
  const alone = outline ? withOutline(image, outline) : image;
  const cells: GridCell[] = [{ image: alone, caption: "the photograph" }];
  for (const one of maps) {
    const maximum = scale === "shared" ? shared : scaleTop(one);
    const overlaid = await overlayWeights(image, one.map, one.rows, one.columns, { ...drawing, maximum });
    cells.push({
      image: overlaid,
      caption: one.caption,
      ...(scale === "own" && { scale: await weightScale(maximum, quantity) }),
    });
  }
  if (scale === "shared") cells.push({ image: await weightScale(shared, quantity) });
  return cells;
}
