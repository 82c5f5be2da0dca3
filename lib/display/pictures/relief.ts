import { blurImage } from "../../images/blur";
import type { PixelImage } from "../../images/pixel-image";

/** Standard deviation in pixels of the blur that is taken away, for an image of 224 pixels. */
const widest = 10 / 224;
/** How strongly the photograph is engraved, and how far it may lighten or darken a colour at most. */
const strength = 0.55;
export const deepest = 0.11;

/** A grey copy with one channel. */
function greyCopy({ width, height, channels, data }: PixelImage): PixelImage {
  if (channels === 1) return { width, height, channels, data: Uint8Array.from(data) };
  const grey = new Uint8Array(width * height);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    const at = pixel * channels;
    grey[pixel] = Math.round(0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!);
  }
  return { width, height, channels: 1, data: grey };
}

/**
 * The photograph in grey without its large light and dark areas: what each pixel adds to the lightness of the colour that
 * is drawn over it, from −`deepest` to `deepest`. Around every place it adds up to nearly nothing, so that the colour
 * stays the scale's and the photograph's edges can be seen in it.
 */
export function photographRelief(image: PixelImage): Float32Array {
  const grey = greyCopy(image);
  const ground = blurImage(grey, Math.max(1, widest * Math.max(image.width, image.height)));
  return Float32Array.from(grey.data, (value, pixel) =>
    Math.min(deepest, Math.max(-deepest, ((value - ground.data[pixel]!) / 255) * strength)),
  );
}
