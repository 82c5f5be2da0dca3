import type { PixelImage } from "./pixel-image";
import type { FloatSamples } from "./resample";

/**
 * Colours times opacity, so that resampling does not let the colour of what is invisible bleed in.
 * @param image `[height, width, 4]`
 */
export function premultiplied({ width, height, data }: PixelImage): FloatSamples {
  const light = new Float32Array(data);
  for (let pixel = 0; pixel < light.length; pixel += 4) {
    const opacity = light[pixel + 3]! / 255;
    for (let channel = 0; channel < 3; channel++) light[pixel + channel]! *= opacity;
  }
  return { width, height, channels: 4, data: light };
}
