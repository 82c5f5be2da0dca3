import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { onStripe, stripe, weightColour } from "./colour-map";
import { checkImage } from "./image-grid";
import { checkMap, scaleTop } from "./image-map";
import { checkOutline, drawOutline } from "./outline";
import { deepest, photographRelief } from "./relief";

/** How weights are laid over their photograph. */
export interface OverlayOptions {
  /**
   * The weight that gets the last colour; larger ones are striped. Left out it is the largest of `weights`, or four
   * times their mean where that is more, so that an even map is pale. Share it to compare images.
   */
  maximum?: number;
  /** A mask of the image's size; the border of its part above 127 is drawn as a thin line. */
  outline?: PixelImage;
}

/** Steps of the scale and of the relief that are told apart. */
const shares = 256;
const depths = 33;
let colours: Uint8Array | undefined;

/** The colours of all shares at all depths of the relief, made once: `[shares, depths, 3]`. */
function colourTable(): Uint8Array {
  if (colours) return colours;
  colours = new Uint8Array(shares * depths * 3);
  for (let share = 0; share < shares; share++) {
    for (let depth = 0; depth < depths; depth++) {
      const relief = deepest * ((2 * depth) / (depths - 1) - 1);
      colours.set(weightColour(share / (shares - 1), relief).map(Math.round), (share * depths + depth) * 3);
    }
  }
  return colours;
}

/** A value this much above the scale's top is no matter of rounding. */
const above = 1 + 1e-6;

/**
 * Attention weights drawn over their photograph: each cell of the grid has the colour that the scale (`weightScale`) gives
 * its weight, whatever the photograph's own colours are. Of the photograph only the edges are seen, in grey, lighter and
 * darker than that colour; show it by itself beside the map (`besidePhotograph`, `compareMaps`).
 *
 * ```ts
 * const overlaid = await overlayWeights(photograph, weights, 7, 7, { outline: mask });
 * await showImages([{ image: overlaid, caption: "49 weights" }], { alt: "…" });
 * ```
 * @param image the photograph as the backbone saw it, 1, 3 or 4 channels.
 * @param weights row-major `[rows, columns]`, finite, ≥ 0; the grid of tokens, or one cell a pixel.
 * @returns an image of the photograph's size with 3 channels.
 * @throws UserError when shapes do not fit, a weight is negative or not finite, or `maximum` is not positive and finite.
 */
export async function overlayWeights(
  image: PixelImage,
  weights: ArrayLike<number>,
  rows: number,
  columns: number,
  options: OverlayOptions = {},
): Promise<PixelImage> {
  checkImage(image, "The photograph");
  checkMap({ map: weights, rows, columns });
  const { width, height } = image;
  const maximum = options.maximum ?? scaleTop({ map: weights, rows, columns });
  if (!(maximum > 0) || !Number.isFinite(maximum))
    throw new UserError(`The overlay's maximum is ${options.maximum}; it must be positive and finite.`);
  if (options.outline) checkOutline(options.outline, image);
  const relief = photographRelief(image);
  const table = colourTable();
  const result = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * rows) / height);
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const weight = weights[row * columns + Math.floor(((x + 0.5) * columns) / width)]!;
      const share = Math.round(Math.min(1, weight / maximum) * (shares - 1));
      const depth = Math.round((relief[pixel]! / deepest + 1) * 0.5 * (depths - 1));
      const at = (share * depths + depth) * 3;
      const striped = weight > maximum * above && onStripe(x, y);
      result.set(striped ? stripe : table.subarray(at, at + 3), pixel * 3);
    }
  }
  if (options.outline) drawOutline(result, options.outline);
  return { width, height, channels: 3, data: result };
}
