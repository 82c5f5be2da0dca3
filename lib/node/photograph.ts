import { cropImage } from "../images/crop";
import type { PixelImage } from "../images/pixel-image";
import type { Rectangle } from "../images/resample";
import { requireWhole } from "../runtime/checks";
import { readImage } from "./decode-image";
import { resizeImage } from "./resize-image";

/**
 * Reads a photograph of any size as a backbone was evaluated on ImageNet: the square in its middle that spans
 * `size / (size + 32)` of the shorter side, scaled to `size` pixels (the crop padding of TensorFlow's
 * `efficientnet/preprocessing.py`). The scaling is linear with antialiasing; the original's is bicubic.
 * @returns `size × size` pixels in red, green, blue.
 * @throws UserError when the file is missing, broken or cut short, or the size is none.
 */
export async function readPhotograph(file: string, size = 224): Promise<PixelImage> {
  requireWhole("The side of a photograph", size, 1);
  return scaledMiddle(await readImage(file, 3), size);
}

/** The square in the middle of an image, scaled to `size` pixels: see `readPhotograph`. */
export function scaledMiddle(image: PixelImage, size: number): Promise<PixelImage> {
  return resizeImage(cropImage(image, middleSquare(image, size)), size, size);
}

/** Where that square lies, in the image's pixels. */
export function middleSquare({ width, height }: { width: number; height: number }, size: number): Rectangle {
  const side = Math.max(1, Math.floor((Math.min(width, height) * size) / (size + 32)));
  const left = Math.floor((width - side + 1) / 2);
  const top = Math.floor((height - side + 1) / 2);
  return { left, top, width: side, height: side };
}
