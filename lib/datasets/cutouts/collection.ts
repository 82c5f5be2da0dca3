import type { PixelImage } from "../../images/pixel-image";

/** What is recorded of every image of the collection: where it came from and under which licence. */
export interface Credit {
  author: string;
  licence: string;
  /** Package, version and path of the original. */
  source: string;
  changes: string;
}

/** A photograph of one thing, cut out. */
export interface CutoutObject extends Credit {
  /** Relative to the collection's folder, with forward slashes. */
  file: string;
  className: string;
  /** The class's index in `CutoutCollection.classes`. */
  label: number;
  /** What it shows, in English. */
  name: string;
  /** Photographs of one group resemble each other closely, and stay on one side of a split. */
  group: string;
  /** In pixels. */
  width: number;
  height: number;
}

/** A photograph without anything of the classes in it. */
export interface Background extends Credit {
  file: string;
  name: string;
  group: string;
  width: number;
  height: number;
}

/** Cut-out photographs of things, and backgrounds to lay them on: what scenes are made of. */
export interface CutoutCollection {
  /** The names of the classes, in alphabetical order; a label is an index into them. */
  classes: string[];
  objects: CutoutObject[];
  backgrounds: Background[];
  /** The decoded images by file: objects `[height, width, 4]`, backgrounds `[height, width, 3]`. */
  images: ReadonlyMap<string, PixelImage>;
  /** SHA-256 over the tables and every image file. */
  digest: string;
}
