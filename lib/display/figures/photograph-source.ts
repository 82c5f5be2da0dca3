import type { PixelImage } from "../../images/pixel-image";
import { sharpOf } from "../../node/sharp";
import { overlayWeights } from "../pictures/overlay";

/** The longest side of a photograph inside a figure, in pixels: about what a backbone sees. */
const longestSide = 320;

/**
 * The photograph as a JPEG in a data URI, for a figure's `layout.images`: about 20 kB for 224 × 224 pixels.
 * @param outline a mask of the photograph's size whose border is drawn.
 * @throws UserError as `overlayWeights`.
 */
export async function photographSource(image: PixelImage, outline?: PixelImage): Promise<string> {
  const { width, height, data } = await overlayWeights(image, [0], 1, 1, outline && { outline });
  const jpeg = await sharpOf({ width, height, channels: 3, data })
    .resize(longestSide, longestSide, { fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 85, chromaSubsampling: "4:4:4", mozjpeg: true })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString("base64")}`;
}
