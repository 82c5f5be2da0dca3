import type { RandomStream } from "../../runtime/random";
import { dealer } from "../deck";
import { canvasSide, objectSide, shortestObjectSide } from "./layout";
import type { CutoutPart } from "./split";

/**
 * One scene, as plain data: what is drawn, and where. Lengths on the canvas are in pixels of the square canvas on
 * which a scene is composed, 112 × 112, before it is enlarged.
 */
export interface SceneDescription {
  className: string;
  label: number;
  /** The object's file. */
  object: string;
  /** Left and right exchanged. */
  objectMirrored: boolean;
  /** The object's place on the canvas; it lies within it as a whole. */
  left: number;
  top: number;
  width: number;
  height: number;
  /** The background's file. */
  background: string;
  backgroundMirrored: boolean;
  /** The square of the background that fills the canvas, in the background's own pixels. */
  crop: { left: number; top: number; side: number };
}

/** The smallest share of a background's shorter side that a crop may take. */
const smallestCrop = 0.6;

/**
 * Draws scenes at random: classes as even as the number allows, every object of a class and every background as
 * often as another, sizes and places uniform and the same for all classes.
 *
 * @param count how many @param stream the only source of chance: an equal stream gives equal scenes
 * @returns the scenes in random order
 */
export function planScenes(part: CutoutPart, count: number, stream: RandomStream): SceneDescription[] {
  const labels = [...new Set(part.objects.map((object) => object.label))].sort((a, b) => a - b);
  const decks = new Map(
    labels.map((label) => {
      const ofClass = part.objects.filter((object) => object.label === label);
      return [label, dealer(ofClass, stream.child(`objects of class ${label}`))];
    }),
  );
  const nextLabel = dealer(labels, stream.child("classes"));
  const nextBackground = dealer(part.backgrounds, stream.child("backgrounds"));
  const places = stream.child("places");

  return Array.from({ length: count }, () => {
    const object = decks.get(nextLabel())!();
    const background = nextBackground();
    const longer = shortestObjectSide + places.integer(objectSide - shortestObjectSide + 1);
    const scale = longer / Math.max(object.width, object.height);
    const width = Math.max(1, Math.round(object.width * scale));
    const height = Math.max(1, Math.round(object.height * scale));
    const shorter = Math.min(background.width, background.height);
    const smallest = Math.max(canvasSide, Math.round(smallestCrop * shorter));
    const side = smallest + places.integer(shorter - smallest + 1);
    return {
      className: object.className,
      label: object.label,
      object: object.file,
      objectMirrored: places.uniform() < 0.5,
      left: places.integer(canvasSide - width + 1),
      top: places.integer(canvasSide - height + 1),
      width,
      height,
      background: background.file,
      backgroundMirrored: places.uniform() < 0.5,
      crop: {
        left: places.integer(background.width - side + 1),
        top: places.integer(background.height - side + 1),
        side,
      },
    };
  });
}
