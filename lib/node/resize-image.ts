import type { PixelImage } from "../images/pixel-image";
import { sharpOf } from "./sharp";

/**
 * The whole image at another size, stretched where the proportions differ.
 *
 * The kernel is linear and widens when it reduces, so that nothing aliases: of sharp's kernels the nearest to
 * the antialiased bilinear one of PIL and torchvision, with which most backbones were trained.
 *
 * @param width @param height of the result, in pixels
 */
export async function resizeImage(image: PixelImage, width: number, height: number): Promise<PixelImage> {
  const pipeline = sharpOf(image).resize(width, height, { fit: "fill", kernel: "linear" });
  // Sharp works on one channel as it does on three, and would otherwise hand back three.
  const shaped = image.channels === 1 ? pipeline.toColourspace("b-w") : pipeline;
  const data = await shaped.raw({ depth: "uchar" }).toBuffer();
  return { width, height, channels: image.channels, data: new Uint8Array(data) };
}
