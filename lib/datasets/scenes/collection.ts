import type { PixelImage } from "../../images/pixel-image";
import type { Background, CutoutObject } from "../cutouts/collection";

/** What scenes of one target among distractors are made of: cut-out photographs, and backgrounds. */
export interface SceneCollection {
  /** The names of the targets' classes, in alphabetical order; a target's label is an index into them. */
  classes: string[];
  /** Cut-out photographs of things of the classes. */
  targets: CutoutObject[];
  /** Cut-out photographs of things of other kinds: `className` is the kind, `label` an index into the kinds. */
  distractors: CutoutObject[];
  /** Photographs without anything of the classes in them. */
  backgrounds: Background[];
  /** The decoded images by file: targets and distractors `[height, width, 4]`, backgrounds `[height, width, 3]`. */
  images: ReadonlyMap<string, PixelImage>;
  /** SHA-256 over the tables and every image file. */
  digest: string;
}
