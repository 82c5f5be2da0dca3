import type { PixelImage } from "../../images/pixel-image";
import { premultiplied } from "../../images/premultiplied";
import { type FloatSamples, resample, type Samples } from "../../images/resample";
import { rounded } from "../../images/rounded";
import type { CutoutCollection } from "./collection";
import { imageOf } from "./image-of";
import { canvasSide, sceneSide } from "./layout";
import type { SceneDescription } from "./plan";

/** A drawn scene: one thing in clutter, and the exact mask of where it is. */
export interface Scene {
  /** `[224, 224, 3]` */
  image: PixelImage;
  /** `[224, 224, 1]`: the object's opacity, 0..255. Where it is 0, the image is the background, to a grey level. */
  mask: PixelImage;
  className: string;
  label: number;
}

/**
 * Draws a scene. Nothing is left to chance here, and the bytes are the same on every machine.
 *
 * The scene is composed on a small canvas and then enlarged as a whole, background and object by the same factor,
 * and rounded to bytes once, at the end. The mask is the object's opacity after the same steps.
 *
 * @throws UserError when the description names an image that the collection does not hold
 */
export function renderScene(collection: CutoutCollection, description: SceneDescription): Scene {
  const { left, top, width, height } = description;
  const canvas = backgroundCanvas(collection, description);
  const object = premultiplied(imageOf(collection, description.object));
  const whole = { left: 0, top: 0, width: object.width, height: object.height };
  const small = resample(object, whole, width, height, description.objectMirrored);
  const opacity = new Float32Array(canvasSide * canvasSide);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const source = (row * width + column) * 4;
      const target = (row + top) * canvasSide + column + left;
      const alpha = small.data[source + 3]!;
      opacity[target] = alpha;
      for (let channel = 0; channel < 3; channel++) {
        const behind = canvas.data[target * 3 + channel]!;
        canvas.data[target * 3 + channel] = small.data[source + channel]! + behind * (1 - alpha / 255);
      }
    }
  }
  const mask: Samples = { width: canvasSide, height: canvasSide, channels: 1, data: opacity };
  return {
    image: enlarge(canvas, 3),
    mask: enlarge(mask, 1),
    className: description.className,
    label: description.label,
  };
}

/**
 * The same scene before the object was laid on it, `[224, 224, 3]`: what is there when the object is removed. Where the
 * scene's mask is 0, the two are equal to a grey level.
 *
 * @throws UserError when the description names a background that the collection does not hold
 */
export function renderBackground(collection: CutoutCollection, description: SceneDescription): PixelImage {
  return enlarge(backgroundCanvas(collection, description), 3);
}

function backgroundCanvas(
  collection: CutoutCollection,
  { background, backgroundMirrored, crop }: SceneDescription,
): FloatSamples {
  const square = { left: crop.left, top: crop.top, width: crop.side, height: crop.side };
  return resample(imageOf(collection, background), square, canvasSide, canvasSide, backgroundMirrored);
}

function enlarge(canvas: Samples, channels: 1 | 3): PixelImage {
  const whole = { left: 0, top: 0, width: canvasSide, height: canvasSide };
  const large = resample(canvas, whole, sceneSide, sceneSide);
  return rounded(large.data, { width: sceneSide, height: sceneSide, channels });
}
