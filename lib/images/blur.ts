import { sharpOf } from "./encode";
import type { PixelImage } from "./pixel-image";

/**
 * The image blurred by a Gaussian.
 * @param deviation the Gaussian's standard deviation in pixels, 0.3 … 1000
 */
export async function blurImage(image: PixelImage, deviation: number): Promise<PixelImage> {
  const pipeline = sharpOf(image).blur(deviation);
  // As in `resizeImage`: one channel would come back as three.
  const shaped = image.channels === 1 ? pipeline.toColourspace("b-w") : pipeline;
  const data = await shaped.raw({ depth: "uchar" }).toBuffer();
  return { ...image, data: new Uint8Array(data) };
}
