import { cropImage } from "../../images/crop";
import type { PixelImage } from "../../images/pixel-image";
import type { Rectangle } from "../../images/resample";
import { resizeImage } from "../../node/resize-image";
import { besidePhotograph } from "./beside";
import { checkImage } from "./image-grid";
import { type ImageMap, scaleTop } from "./image-map";
import { drawOutline, threeChannels } from "./outline";
import { overlayWeights } from "./overlay";

/** Longer side of a drawn photograph, in pixels. */
const longerSide = 448;

/** A map laid over the whole photograph. */
export interface PhotographMap {
  /** The photograph, and beside it the same with the map; on both, the part that the network saw is framed. */
  image: PixelImage;
  /** The weight that has the last colour: for `weightScale`. */
  maximum: number;
}

/**
 * Lays a map of where a model looked over the whole photograph: where the network saw it, in the map's colours with the
 * photograph's edges; elsewhere pale. What the network saw is framed.
 * @param photograph upright, of any size
 * @param map of the crop
 * @param crop in pixels of the photograph
 * @throws UserError for a map that is none
 */
export async function photographMap(
  photograph: PixelImage,
  map: ImageMap,
  crop: Rectangle,
): Promise<PhotographMap> {
  checkImage(photograph, "The photograph");
  const scale = longerSide / Math.max(photograph.width, photograph.height);
  const at = (length: number) => Math.max(1, Math.round(length * scale));
  const whole = threeChannels(await resizeImage(photograph, at(photograph.width), at(photograph.height)));
  const left = Math.min(Math.round(crop.left * scale), whole.width - 1);
  const top = Math.min(Math.round(crop.top * scale), whole.height - 1);
  const width = Math.max(1, Math.min(at(crop.width), whole.width - left));
  const height = Math.max(1, Math.min(at(crop.height), whole.height - top));
  const part = cropImage(whole, { left, top, width, height });
  const overlaid = await overlayWeights(part, map.map, map.rows, map.columns);
  const mapped = { ...whole, data: whole.data.map((value) => Math.round(255 - (255 - value) * 0.35)) };
  for (let row = 0; row < height; row++) {
    const line = overlaid.data.subarray(row * width * 3, (row + 1) * width * 3);
    mapped.data.set(line, ((row + top) * whole.width + left) * 3);
  }
  const frame = frameOf(whole, { left, top, width, height });
  drawOutline(whole.data, frame);
  drawOutline(mapped.data, frame);
  return { image: besidePhotograph(whole, mapped), maximum: scaleTop(map) };
}

/** A mask of the part that the network saw. */
function frameOf({ width, height }: PixelImage, part: Rectangle): PixelImage {
  const data = new Uint8Array(width * height);
  for (let row = part.top; row < part.top + part.height; row++)
    data.fill(255, row * width + part.left, row * width + part.left + part.width);
  return { width, height, channels: 1, data };
}
