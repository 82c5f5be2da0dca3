/** A rectangle in pixels; x to the right and y down, from the image's upper left corner. */
export interface ImageBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A named point of what an image shows, in pixels. */
export interface ImagePart {
  name: string;
  x: number;
  y: number;
}

/** An image of a published set. */
export interface LabelledImage {
  /** Its file. */
  file: string;
  /** An index into the classes. */
  label: number;
  /** Where the thing is, in sets that say so. */
  box?: ImageBox;
  /** The parts of the thing that are visible, in sets that say where they are. */
  parts?: readonly ImagePart[];
  /** Whether ImageNet has the image too, and pretrained weights may know it; told only where a list of such images was given. */
  alsoInImagenet?: boolean;
}

/** A published set of labelled images in its official split. */
export interface LabelledImages {
  /** The names of the classes, in the order of the labels. */
  classes: readonly string[];
  training: readonly LabelledImage[];
  /** The official one, or a part carved out of the official training images. */
  validation: readonly LabelledImage[];
  test: readonly LabelledImage[];
}

/** The files of a set, by their names in it with forward slashes. */
export interface SetFiles {
  /** @throws UserError where it is missing */
  text(name: string): string;
  /** @throws UserError where it is missing */
  bytes(name: string): Uint8Array;
}

/** How a set is read. */
export interface SetOptions {
  /** Decides which training images validate, in sets without official validation images. */
  seed: number;
}
