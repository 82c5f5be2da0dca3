import type { PixelImage } from "../../images/pixel-image";
import { resample } from "../../images/resample";
import { UserError } from "../../runtime/user-error";

/** Below this opacity (of 255) a pixel does not count as a part of the object when its edges are sought. */
const faintest = 16;

/**
 * The object alone: its transparent margin cut off and its longer side reduced to `side` pixels.
 *
 * All objects are reduced to the same size, and none is enlarged: were some blurred by enlargement, blur would
 * give their class away.
 *
 * @param stamp with opacity @param origin its name, for error messages
 * @throws UserError when the object is smaller than `side`
 */
export function cutObject(stamp: PixelImage, side: number, origin: string): PixelImage {
  const box = boundingBox(stamp);
  const longer = Math.max(box.width, box.height);
  if (longer < side) {
    throw new UserError(`${origin} is ${longer} px long, shorter than the common ${side} px. Leave it out.`);
  }
  const width = Math.max(1, Math.round((box.width * side) / longer));
  const height = Math.max(1, Math.round((box.height * side) / longer));

  // Colours are averaged as light through the opacity, or what is invisible would bleed into the edges.
  const light = Float32Array.from(stamp.data);
  for (let pixel = 0; pixel < light.length; pixel += 4) {
    const opacity = light[pixel + 3]! / 255;
    for (let channel = 0; channel < 3; channel++) light[pixel + channel]! *= opacity;
  }
  const small = resample({ ...stamp, data: light }, box, width, height).data;
  const data = new Uint8Array(small.length);
  for (let pixel = 0; pixel < data.length; pixel += 4) {
    const opacity = Math.round(small[pixel + 3]!);
    data[pixel + 3] = opacity;
    if (opacity === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      data[pixel + channel] = Math.min(255, Math.round((small[pixel + channel]! * 255) / small[pixel + 3]!));
    }
  }
  return { width, height, channels: 4, data };
}

function boundingBox({ width, height, data }: PixelImage) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (data[(row * width + column) * 4 + 3]! <= faintest) continue;
      left = Math.min(left, column);
      right = Math.max(right, column + 1);
      top = Math.min(top, row);
      bottom = Math.max(bottom, row + 1);
    }
  }
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}
