import type { PixelImage } from "./pixel-image";

/** Samples as an image of bytes: rounded to the nearest and clipped to 0 … 255. */
export function rounded(
  samples: ArrayLike<number>,
  { width, height, channels }: Pick<PixelImage, "width" | "height" | "channels">,
): PixelImage {
  // Uint8ClampedArray rounds and clips as it converts.
  return { width, height, channels, data: new Uint8Array(new Uint8ClampedArray(samples).buffer) };
}
