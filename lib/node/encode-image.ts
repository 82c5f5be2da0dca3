import type { PixelImage } from "../images/pixel-image";
import { sharpOf } from "./sharp";

/** The image as a PNG file's bytes, without loss. */
export async function encodePng(image: PixelImage): Promise<Buffer> {
  return sharpOf(image).png().toBuffer();
}

/**
 * The image as a WebP file's bytes: without loss, with colours moved by a few steps of 255 where that saves bytes
 * ("near-lossless": opacity stays exact and colours don't bleed over edges), or at a quality of 1..100.
 */
export async function encodeWebp(
  image: PixelImage,
  quality: number | "lossless" | "near-lossless",
): Promise<Buffer> {
  const options =
    quality === "lossless"
      ? { lossless: true }
      : quality === "near-lossless"
        ? { nearLossless: true, quality: 60 }
        : { quality };
  return sharpOf(image)
    .webp({ ...options, effort: 6 })
    .toBuffer();
}
