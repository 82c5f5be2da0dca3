import type { PixelImage } from "../../images/pixel-image";
import { type Rectangle, resample } from "../../images/resample";
import { rounded } from "../../images/rounded";
import { UserError } from "../../runtime/user-error";
import { imageOf } from "../cutouts/image-of";
import type { SceneCollection } from "./collection";
import { cutOut } from "./cut-out";
import type { AnyScene, BackgroundCrop, PlacedThing } from "./description";
import { canvasSide } from "./layout";

const canvasSize = { width: canvasSide, height: canvasSide };

/** A scene before it goes through JPEG. */
export interface ComposedScene {
  /** `[224, 224, 3]` */
  pixels: PixelImage;
  /** `[224, 224, 1]`: the target's opacity, 0 … 255. All 0 where the target was taken away. */
  targetMask: PixelImage;
  /** `[224, 224, 1]`: the opacity of all distractors together, 0 … 255. */
  distractorMask: PixelImage;
}

/**
 * Draws a scene. Nothing is left to chance here, and the bytes are the same on every machine.
 *
 * Target, distractors and silhouettes are made by the same steps: reduced with their opacity, feathered, laid on the
 * canvas; the sum is rounded to bytes once, at the end. Where both masks are 0, the pixels are the background's.
 *
 * @throws UserError when the description names an image that the collection does not hold, or a piece outside of one
 */
export function composeScene(collection: SceneCollection, scene: AnyScene): ComposedScene {
  const canvas = backgroundCanvas(collection, scene.background);
  const targetMask = emptyMask();
  const distractorMask = emptyMask();
  if (scene.target) paste(collection, scene.target, targetMask, canvas);
  for (const distractor of scene.distractors) paste(collection, distractor, distractorMask, canvas);
  return {
    pixels: rounded(canvas, { ...canvasSize, channels: 3 }),
    targetMask: rounded(targetMask, { ...canvasSize, channels: 1 }),
    distractorMask: rounded(distractorMask, { ...canvasSize, channels: 1 }),
  };
}

/**
 * The mask of one thing of a scene, `[224, 224, 1]`: its opacity after feathering, 0 … 255.
 * @throws UserError as `composeScene` does
 */
export function maskOfThing(collection: SceneCollection, thing: PlacedThing): PixelImage {
  const mask = emptyMask();
  paste(collection, thing, mask);
  return rounded(mask, { ...canvasSize, channels: 1 });
}

function backgroundCanvas(
  collection: SceneCollection,
  { file, mirrored, left, top, side }: BackgroundCrop,
): Float32Array {
  const square = { left, top, width: side, height: side };
  const image = imageOf(collection, file);
  requireInside(square, image, `The crop of ${file}`);
  return resample(image, square, canvasSide, canvasSide, mirrored).data;
}

/** Lays a thing on the canvas, where one is given, and writes its opacity into the mask. */
function paste(
  collection: SceneCollection,
  thing: PlacedThing,
  mask: Float32Array,
  canvas?: Float32Array,
): void {
  const { left, top, width, height, clutter } = thing;
  requireInside(thing, canvasSize, `The place of ${thing.file}`);
  const image = imageOf(collection, thing.file);
  const fill = clutter && { image: imageOf(collection, clutter.file), piece: clutter };
  if (fill)
    requireInside(fill.piece, fill.image, `The clutter in ${thing.file}, a piece of ${fill.piece.file},`);
  const { data } = cutOut(image, thing, fill);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const source = (row * width + column) * 4;
      const place = (row + top) * canvasSide + column + left;
      const alpha = data[source + 3]!;
      mask[place] = alpha;
      if (!canvas) continue;
      for (let channel = 0; channel < 3; channel++) {
        const behind = canvas[place * 3 + channel]!;
        canvas[place * 3 + channel] = data[source + channel]! + behind * (1 - alpha / 255);
      }
    }
  }
}

function requireInside(
  { left, top, width, height }: Rectangle,
  frame: { width: number; height: number },
  what: string,
): void {
  const within = left >= 0 && top >= 0 && left + width <= frame.width && top + height <= frame.height;
  if (within && [left, top, width, height].every(Number.isSafeInteger) && width > 0 && height > 0) return;
  throw new UserError(
    `${what} lies at ${left}, ${top} with ${width}×${height} pixels, not in whole pixels within ${frame.width}×${frame.height}. ` +
      "Plan the scene from this collection.",
  );
}

const emptyMask = () => new Float32Array(canvasSide * canvasSide);
