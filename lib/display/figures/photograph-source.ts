import type { PixelImage } from "../../images/pixel-image";
import { sharpOf } from "../../node/sharp";
import { drawOutline, threeChannels, withOutline } from "../pictures/outline";
import { deepest, photographRelief } from "../pictures/relief";

/** The longest side of a photograph inside a figure, in pixels: about what a backbone sees. */
const longestSide = 240;
/** The longest side of a relief: a saved notebook keeps one for every photograph. */
const reliefSide = 176;
/** Steps of light, and of shade, that a relief has. */
const steps = 4;
/** Opacity of white and of black that changes a colour's lightness by 1. */
const opacity = { light: 2.2, shade: 1.35 };

/**
 * The photograph as a JPEG in a data URI, for a figure's `layout.images`: about 12 kB for 224 × 224 pixels.
 * @param outline a mask of the photograph's size whose border is drawn.
 * @throws UserError as `withOutline`.
 */
export async function photographSource(image: PixelImage, outline?: PixelImage): Promise<string> {
  const jpeg = await sharpOf(outline ? withOutline(image, outline) : threeChannels(image))
    .resize(longestSide, longestSide, { fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 80, chromaSubsampling: "4:4:4", mozjpeg: true })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString("base64")}`;
}

/** Smaller by whole-number rounding of its sides, where it is larger than a relief may be. */
async function reduced(image: PixelImage, kernel: "lanczos3" | "nearest"): Promise<PixelImage> {
  const { data, info } = await sharpOf(threeChannels(image))
    .resize(reliefSide, reliefSide, { fit: "inside", withoutEnlargement: true, kernel })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 3, data: new Uint8Array(data) };
}

/**
 * What `overlayWeights` shows of a photograph, as a PNG in a data URI that is laid over the colours of a map: black and
 * white that are nearly transparent, and the outline. About 10 kB.
 * @param outline a mask of the photograph's size whose border is drawn.
 */
export async function reliefSource(image: PixelImage, outline?: PixelImage): Promise<string> {
  const small = await reduced(image, "lanczos3");
  const { width, height } = small;
  const rgba = new Uint8Array(width * height * 4);
  photographRelief(small).forEach((depth, pixel) => {
    const step = Math.round((depth / deepest) * steps) / steps;
    const change = Math.abs(step) * deepest * (step > 0 ? opacity.light : opacity.shade);
    const value = step > 0 ? 255 : 0;
    rgba.set([value, value, value, Math.round(255 * change)], pixel * 4);
  });
  if (outline) {
    const untouched = 128;
    const lines = new Uint8Array(width * height * 3).fill(untouched);
    drawOutline(lines, await reduced(outline, "nearest"));
    for (let pixel = 0; pixel < width * height; pixel++) {
      const value = lines[pixel * 3]!;
      if (value !== untouched) rgba.set([value, value, value, 255], pixel * 4);
    }
  }
  const png = await sharpOf({ width, height, channels: 4, data: rgba })
    .png({ palette: true, colours: 2 * steps + 3, dither: 0, compressionLevel: 9, effort: 10 })
    .toBuffer();
  return `data:image/png;base64,${png.toString("base64")}`;
}
