import { sharpOf } from "./encode";
import type { PixelImage } from "./pixel-image";

/**
 * The image blurred by a Gaussian.
 * @param deviation the Gaussian's standard deviation in pixels, 0.3 … 1000
 */
export async function blurImage(image: PixelImage, deviation: number): Promise<PixelImage> {
  // By default sharp cuts the Gaussian off at a fifth of its height, which narrows it by a tenth, and rounds its weights.
  const pipeline = sharpOf(image).blur({ sigma: deviation, minAmplitude: 0.01, precision: "float" });
  // As in `resizeImage`: one channel would come back as three.
  const shaped = image.channels === 1 ? pipeline.toColourspace("b-w") : pipeline;
  const data = await shaped.raw({ depth: "uchar" }).toBuffer();
  return { ...image, data: new Uint8Array(data) };
}
