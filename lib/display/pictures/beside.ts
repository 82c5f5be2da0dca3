import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { checkImage } from "./image-grid";
import { threeChannels } from "./outline";

/** Width in pixels of the white between the two. */
export const betweenPair = 4;

/**
 * The photograph and what was drawn over it side by side, as one picture for a cell of a grid.
 *
 * ```ts
 * const pair = besidePhotograph(photograph, await overlayWeights(photograph, weights, 7, 7));
 * await showImages([{ image: pair, caption: "a scene and its attention" }], { alt: "…" });
 * ```
 * @throws UserError when either is no image, or their sizes differ.
 */
export function besidePhotograph(photograph: PixelImage, overlaid: PixelImage): PixelImage {
  checkImage(photograph, "The photograph");
  checkImage(overlaid, "The overlay");
  const { width, height } = photograph;
  if (overlaid.width !== width || overlaid.height !== height) {
    throw new UserError(
      `The overlay has ${overlaid.width} × ${overlaid.height} pixels, the photograph ${width} × ${height}.`,
    );
  }
  const both = 2 * width + betweenPair;
  const result = new Uint8Array(both * height * 3).fill(255);
  [threeChannels(photograph), threeChannels(overlaid)].forEach(({ data }, index) => {
    for (let y = 0; y < height; y++) {
      const row = data.subarray(y * width * 3, (y + 1) * width * 3);
      result.set(row, (y * both + index * (width + betweenPair)) * 3);
    }
  });
  return { width: both, height, channels: 3, data: result };
}
