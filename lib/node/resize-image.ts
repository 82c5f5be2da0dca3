import type { PixelImage } from "../images/pixel-image";
import { requireWhole } from "../runtime/checks";
import { sharpOf } from "./sharp";

/** As large as images are read. */
const LARGEST_SIDE = 0x3fff;

/**
 * The whole image at another size, stretched where the proportions differ.
 *
 * The kernel is linear and widens when it reduces, so that nothing aliases: of sharp's kernels the nearest to
 * the antialiased bilinear one of PIL and torchvision, with which most backbones were trained.
 *
 * @param width @param height of the result, in pixels
 * @throws UserError for sizes that are none
 */
export async function resizeImage(image: PixelImage, width: number, height: number): Promise<PixelImage> {
  requireWhole("The width of a resized image", width, 1, LARGEST_SIDE);
  requireWhole("The height of a resized image", height, 1, LARGEST_SIDE);
  const pipeline = sharpOf(image).resize(width, height, { fit: "fill", kernel: "linear" });
  // Sharp works on one channel as it does on three, and would otherwise hand back three.
  const shaped = image.channels === 1 ? pipeline.toColourspace("b-w") : pipeline;
  const data = await shaped.raw({ depth: "uchar" }).toBuffer();
  return { width, height, channels: image.channels, data: new Uint8Array(data) };
}
