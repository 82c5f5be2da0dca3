import type { SceneCollection } from "../datasets/scenes/collection";
import { composeScene } from "../datasets/scenes/compose";
import type { AnyScene } from "../datasets/scenes/description";
import type { PixelImage } from "../images/pixel-image";
import { requireWhole } from "../runtime/checks";
import { loadSharp, sharpOf } from "./sharp";

/** A finished scene: one target among distractors, and the exact masks of where they are. */
export interface Scene {
  /** `[224, 224, 3]`, as decoded from the scene's JPEG. */
  image: PixelImage;
  /** `[224, 224, 1]`: the target's opacity, 0 … 255. All 0 where the target was taken away. */
  targetMask: PixelImage;
  /** `[224, 224, 1]`: the opacity of all distractors together, 0 … 255. */
  distractorMask: PixelImage;
  className: string;
  label: number;
}

/**
 * Draws a scene and sends it through JPEG at the scene's own quality, with colours at half the resolution, so that the
 * compression's traces lie over things and background alike.
 *
 * The image is the same in every run; it may change with the version of sharp, whose JPEG library encodes and decodes it. Both
 * run beside JavaScript: several scenes that are asked for at once are done sooner than one after the other.
 *
 * @throws UserError as `composeScene` does, and for a quality that is no whole number in 1 … 100
 */
export async function renderScene(collection: SceneCollection, scene: AnyScene): Promise<Scene> {
  requireWhole("The quality of a scene's JPEG", scene.quality, 1, 100);
  const { pixels, targetMask, distractorMask } = composeScene(collection, scene);
  const image = await throughJpeg(pixels, scene.quality);
  return { image, targetMask, distractorMask, className: scene.className, label: scene.label };
}

async function throughJpeg(image: PixelImage, quality: number): Promise<PixelImage> {
  const jpeg = await sharpOf(image).jpeg({ quality, chromaSubsampling: "4:2:0" }).toBuffer();
  const data = new Uint8Array(await loadSharp()(jpeg).raw().toBuffer());
  return { ...image, data };
}
