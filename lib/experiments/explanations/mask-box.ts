import type { PixelImage } from "../../images/pixel-image";
import type { Rectangle } from "../../images/resample";

/** The smallest box around the pixels of a mask that are more than half object. */
export function maskBox({ width, height, data }: PixelImage): Rectangle {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (const [pixel, opacity] of data.entries()) {
    if (opacity <= 127) continue;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + 1);
    bottom = Math.max(bottom, y + 1);
  }
  return { left, top, width: right - left, height: bottom - top };
}
