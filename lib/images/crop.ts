import type { PixelImage } from "./pixel-image";
import type { Rectangle } from "./resample";

/** A part of an image, as it is. The part lies inside of the image, in whole pixels. */
export function cropImage(image: PixelImage, { left, top, width, height }: Rectangle): PixelImage {
  const { channels } = image;
  const length = width * channels;
  const data = new Uint8Array(length * height);
  for (let row = 0; row < height; row++) {
    const start = ((row + top) * image.width + left) * channels;
    data.set(image.data.subarray(start, start + length), row * length);
  }
  return { width, height, channels, data };
}
