import type { PixelImage } from "../images/pixel-image";
import { sharpOf } from "./sharp";

/** The image as a PNG file's bytes, without loss. */
export async function encodePng(image: PixelImage): Promise<Buffer> {
  return sharpOf(image).png().toBuffer();
}

/** The image as a WebP file's bytes: without loss, or at a quality of 1..100. */
export async function encodeWebp(image: PixelImage, quality: number | "lossless"): Promise<Buffer> {
  const options = quality === "lossless" ? { lossless: true, effort: 6 } : { quality, effort: 6 };
  return sharpOf(image).webp(options).toBuffer();
}
