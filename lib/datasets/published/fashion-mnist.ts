import { UserError } from "../../runtime/user-error";
import { parseIdx } from "./idx";
import type { SetFiles } from "./labelled-images";

/** Small grey images of one size with their labels. */
export interface GreyImages {
  /** Pixels in 0 … 255, image by image, row by row. */
  pixels: Uint8Array;
  rows: number;
  columns: number;
  /** One label an image, an index into the classes. */
  labels: Uint8Array;
}

/** A set of small grey images. */
export interface GreyImageSet {
  classes: readonly string[];
  training: GreyImages;
  test: GreyImages;
}

/** Classes of Fashion-MNIST in the order of their labels. */
const classes = [
  "T-shirt",
  "trouser",
  "pullover",
  "dress",
  "coat",
  "sandal",
  "shirt",
  "sneaker",
  "bag",
  "ankle boot",
] as const;

/**
 * Fashion-MNIST (Xiao et al. 2017, MIT licence) in its published layout: 60,000 training and 10,000 test images of 28 × 28
 * pixels, of ten kinds of clothing.
 * @param files its four files, unpacked
 * @throws UserError where a file is missing or damaged
 */
export function readFashionMnist(files: SetFiles): GreyImageSet {
  return { classes, training: part(files, "train"), test: part(files, "t10k") };
}

function part(files: SetFiles, name: string): GreyImages {
  const [imagesFile, labelsFile] = [`${name}-images-idx3-ubyte`, `${name}-labels-idx1-ubyte`];
  const images = parseIdx(files.bytes(imagesFile), imagesFile, 3);
  const { data: labels } = parseIdx(files.bytes(labelsFile), labelsFile, 1);
  const [count, rows, columns] = images.shape as [number, number, number];
  if (labels.length !== count || labels.some((label) => label >= classes.length))
    throw new UserError(`${labelsFile} does not belong to ${imagesFile}. Download both again.`);
  return { pixels: images.data, rows, columns, labels };
}
