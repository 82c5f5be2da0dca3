import type { PixelImage } from "../../images/pixel-image";
import type { Rectangle } from "../../images/resample";
import { requireWhole } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";

/** Opacities above this count as inside, where a pixel is either inside or outside. */
const half = 127;

/** Whether pixel `index` (row-major) of a mask belongs to the object: more than half of it does. */
export function isInside(mask: PixelImage, index: number): boolean {
  return mask.data[index]! > half;
}

/** @throws UserError for a mask of more than one channel, or one in which no pixel belongs to the object. */
export function requireMask(mask: PixelImage): void {
  if (mask.channels !== 1) {
    throw new UserError(`The mask has ${mask.channels} channels. A mask has one, 0 outside and 255 inside.`);
  }
  if (mask.data.length !== mask.width * mask.height) {
    throw new UserError(
      `The mask has ${mask.data.length} values for ${mask.width} × ${mask.height} pixels. Give one for each.`,
    );
  }
  if (!mask.data.some((_, index) => isInside(mask, index))) {
    throw new UserError(
      "The mask is empty: no pixel is above 127, so there is nothing to be found. Leave this image out.",
    );
  }
}

/**
 * A box as a mask, so that all scores of masks hold for boxes: a pixel that the box cuts counts in proportion.
 *
 * @param box in pixels, whole or not; what lies beyond the image is cut off
 * @param width @param height of the image, in pixels
 * @returns `[height, width, 1]`, 0 … 255
 * @throws UserError for a box that has no area within the image
 */
export function boxMask(box: Rectangle, width: number, height: number): PixelImage {
  requireWhole("The width of an image", width, 1);
  requireWhole("The height of an image", height, 1);
  const across = coveredShares(box.left, box.width, width);
  const down = coveredShares(box.top, box.height, height);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = Math.round(255 * across[x]! * down[y]!);
  }
  if (!data.some((value) => value > 0)) {
    throw new UserError(
      `The box at left ${box.left}, top ${box.top}, ${box.width} × ${box.height}, covers nothing of an image of ` +
        `${width} × ${height} pixels. Give it in this image's pixels.`,
    );
  }
  return { width, height, channels: 1, data };
}

/** Of every pixel of a line, the share that lies between `start` and `start + length`. */
function coveredShares(start: number, length: number, pixels: number): number[] {
  return Array.from({ length: pixels }, (_, pixel) =>
    Math.max(0, Math.min(start + length, pixel + 1) - Math.max(start, pixel)),
  );
}
