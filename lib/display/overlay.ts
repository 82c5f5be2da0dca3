import type { PixelImage } from "../images/pixel-image";
import { UserError } from "../runtime/user-error";
import { largestOpacity, weightColour } from "./colour-map";
import { enlargeGrid } from "./enlarge-grid";
import { checkImage } from "./image-grid";

export interface OverlayOptions {
  /** The weight that gets the last colour; the largest of `weights` when left out. Share it to compare images. */
  maximum?: number;
  /** A mask of the image's size; the border of its part above 127 is drawn as a thin line. */
  outline?: PixelImage;
}

function checkWeights(weights: ArrayLike<number>, rows: number, columns: number): void {
  if (weights.length !== rows * columns) {
    throw new UserError(
      `There are ${weights.length} weights for a grid of ${rows} × ${columns} = ${rows * columns} positions.`,
    );
  }
  for (let index = 0; index < weights.length; index++) {
    if (!(weights[index]! >= 0) || !Number.isFinite(weights[index])) {
      throw new UserError(
        `Weight ${index} is ${weights[index]}. An overlay shows attention weights, which are finite and not negative.`,
      );
    }
  }
}

/** Draws the mask's border two pixels wide: white just inside, black just outside, so it shows on any ground. */
function drawOutline(pixels: Uint8Array, mask: PixelImage): void {
  const { width, height, channels, data } = mask;
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && data[(y * width + x) * channels]! > 127;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const here = inside(x, y);
      const neighbours = [inside(x - 1, y), inside(x + 1, y), inside(x, y - 1), inside(x, y + 1)];
      if (neighbours.every((neighbour) => neighbour === here)) continue;
      pixels.fill(here ? 255 : 0, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
}

/**
 * Attention weights laid over their photograph. Colour and opacity both grow with the weight, from an
 * untouched photograph at 0 to `maximum`; between the centres of the grid's cells they are interpolated.
 * @param image the photograph as the backbone saw it, 1, 3 or 4 channels.
 * @param weights row-major `[rows, columns]`, finite, ≥ 0.
 * @returns an image of the photograph's size with 3 channels.
 * @throws UserError when shapes do not fit, a weight is negative or not finite, or `maximum` is not positive.
 */
export async function overlayWeights(
  image: PixelImage,
  weights: ArrayLike<number>,
  rows: number,
  columns: number,
  options: OverlayOptions = {},
): Promise<PixelImage> {
  checkImage(image, "The photograph");
  checkWeights(weights, rows, columns);
  const { width, height } = image;
  const largest = Array.from(weights).reduce((most, weight) => Math.max(most, weight), 0);
  const maximum = options.maximum ?? (largest > 0 ? largest : 1);
  if (!(maximum > 0))
    throw new UserError(`The overlay's maximum is ${options.maximum}; it must be positive.`);
  if (options.outline) {
    checkImage(options.outline, "The outline's mask");
    if (options.outline.width !== width || options.outline.height !== height) {
      throw new UserError(
        `The outline's mask has ${options.outline.width} × ${options.outline.height} pixels, the photograph ${width} × ${height}.`,
      );
    }
  }
  const enlarged = enlargeGrid(weights, rows, columns, height, width);
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
