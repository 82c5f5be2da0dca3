import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { checkImage } from "./image-grid";

/** @throws UserError when the mask is no image or its size is not the photograph's. */
export function checkOutline(mask: PixelImage, { width, height }: PixelImage): void {
  checkImage(mask, "The outline's mask");
  if (mask.width !== width || mask.height !== height) {
    throw new UserError(
      `The outline's mask has ${mask.width} × ${mask.height} pixels, the photograph ${width} × ${height}.`,
    );
  }
}

/**
 * The photograph in its own colours with a mask's border drawn on it.
 * @param mask of the photograph's size; its part above 127 counts.
 * @returns an image with 3 channels.
 * @throws UserError when either is no image, or their sizes differ.
 */
export function withOutline(image: PixelImage, mask: PixelImage): PixelImage {
  checkImage(image, "The photograph");
  checkOutline(mask, image);
  const result = threeChannels(image);
  drawOutline(result.data, mask);
  return result;
}

/** A copy in red, green and blue, without opacity. */
export function threeChannels({
  width,
  height,
  channels,
  data,
}: PixelImage): PixelImage & { data: Uint8Array } {
  const result = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      result[pixel * 3 + channel] = data[channels === 1 ? pixel : pixel * channels + channel]!;
    }
  }
  return { width, height, channels: 3, data: result };
}

/**
 * Draws the mask's border two pixels wide: white just inside, black just outside, so it shows on any ground.
 * @param pixels row-major, 3 channels, of the mask's size; they are changed.
 */
export function drawOutline(pixels: Uint8Array, mask: PixelImage): void {
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
