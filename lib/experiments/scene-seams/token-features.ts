import type { Backbone } from "../../backbones/backbone";
import { maskOnGrid } from "../../datasets/cutouts/mask-on-grid";
import type { PixelImage } from "../../images/pixel-image";
import { resample } from "../../images/resample";
import { rounded } from "../../images/rounded";
import type { OnProgress } from "../../runtime/progress";
import { extractTokens } from "../../transfer/extract";
import type { InputSource } from "../../transfer/input-source";
import type { SceneItem } from "./item-features";

/** How much of the scene is shown around a thing, in pixels. */
const MARGIN = 8;
/** The middle layer that the tables look at. */
const CUT = "stage5";

/**
 * What a frozen network sees of things and their seams: of each the square of the scene around it, enlarged to the network's
 * input, as tokens of the middle layer, pooled under the mask, around it, and where the edge is.
 *
 * @returns of each item three times as many numbers as a token has
 */
export async function tokenFeatures(
  backbone: Backbone,
  items: InputSource<SceneItem>,
  onProgress?: OnProgress,
): Promise<Float32Array[]> {
  const masks: PixelImage[] = [];
  const source = {
    ...items,
    load: async (index: number) => {
      const item = await items.load(index);
      const { image, mask } = around(item, backbone.inputSize);
      masks[index] = mask;
      return image;
    },
  };
  const { data, rows, columns, channels } = await extractTokens(backbone, CUT, source, onProgress);
  return masks.map((mask, index) => {
    const start = index * rows * columns * channels;
    const tokens = data.subarray(start, start + rows * columns * channels);
    const under = maskOnGrid(mask, rows, columns);
    const weightings = [under, under.map((share) => 1 - share), under.map((share) => share * (1 - share))];
    const pooled = new Float32Array(weightings.length * channels);
    weightings.forEach((weights, place) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
      weights.forEach((weight, position) => {
        for (let channel = 0; channel < channels; channel++)
          pooled[place * channels + channel]! += (weight / total) * tokens[position * channels + channel]!;
      });
    });
    return pooled;
  });
}

/** The square of a scene around a thing, moved into the scene where it would reach out of it, at the network's size. */
function around({ image, mask, box }: SceneItem, inputSize: number): { image: PixelImage; mask: PixelImage } {
  const side = Math.min(image.width, Math.max(box.width, box.height) + 2 * MARGIN);
  const start = (from: number, length: number) =>
    Math.min(Math.max(0, from + Math.round((length - side) / 2)), image.width - side);
  const square = {
    left: start(box.left, box.width),
    top: start(box.top, box.height),
    width: side,
    height: side,
  };
  const enlarged = (picture: PixelImage): PixelImage => {
    const { data } = resample(picture, square, inputSize, inputSize);
    return rounded(data, { width: inputSize, height: inputSize, channels: picture.channels });
  };
  return { image: enlarged(image), mask: enlarged(mask) };
}
