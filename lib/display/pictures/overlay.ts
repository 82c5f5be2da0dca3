import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { largestOpacity, weightColour } from "./colour-map";
import { enlargeGrid } from "./enlarge-grid";
import { checkImage } from "./image-grid";
import { checkMap, largestValue } from "./image-map";
import { checkOutline, drawOutline } from "./outline";

/** How weights are laid over their photograph. */
export interface OverlayOptions {
  /** The weight that gets the last colour; the largest of `weights` when left out. Share it to compare images. */
  maximum?: number;
  /**
   * `smooth` interpolates between the centres of the grid's cells; `cells` gives every cell the colour of its
   * exact weight and nothing else. `smooth` when left out.
   */
  rendering?: "smooth" | "cells";
  /** A mask of the image's size; the border of its part above 127 is drawn as a thin line. */
  outline?: PixelImage;
}

/** Row-major `[height, width]`: every pixel has the weight of the cell that its centre lies in. */
function cellWeights(
  weights: ArrayLike<number>,
  rows: number,
  columns: number,
  height: number,
  width: number,
): Float32Array {
  const result = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * rows) / height);
    for (let x = 0; x < width; x++) {
      result[y * width + x] = weights[row * columns + Math.floor(((x + 0.5) * columns) / width)]!;
    }
  }
  return result;
}

/**
 * Attention weights laid over their photograph. Colour and opacity both grow with the weight, from an
 * untouched photograph at 0 to `maximum`.
 *
 * ```ts
 * const overlaid = await overlayWeights(photograph, weights, 7, 7, { rendering: "cells", outline: mask });
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
  const maximum = options.maximum ?? largestValue({ map: weights, rows, columns });
  if (!(maximum > 0) || !Number.isFinite(maximum))
    throw new UserError(`The overlay's maximum is ${options.maximum}; it must be positive and finite.`);
  if (options.outline) checkOutline(options.outline, image);
  const enlarge = options.rendering === "cells" ? cellWeights : enlargeGrid;
  const enlarged = enlarge(weights, rows, columns, height, width);
  const result = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const share = Math.min(1, Math.max(0, enlarged[pixel]! / maximum));
    const colour = weightColour(share);
    const opacity = share * largestOpacity;
    for (let channel = 0; channel < 3; channel++) {
      const source = image.channels === 1 ? pixel : pixel * image.channels + channel;
      result[pixel * 3 + channel] = Math.round(
        image.data[source]! * (1 - opacity) + colour[channel]! * opacity,
      );
    }
  }
  if (options.outline) drawOutline(result, options.outline);
  return { width, height, channels: 3, data: result };
}
