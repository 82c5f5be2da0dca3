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
