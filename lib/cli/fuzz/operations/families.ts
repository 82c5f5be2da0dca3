import { activations, arithmetic } from "./elementwise";
import { images } from "./images";
import { matrices } from "./matrices";
import type { WriteOperation } from "./operation";
import { reductions } from "./reductions";
import { shapes } from "./shapes";
import { sizeNumbers } from "./size-numbers";
import { assignments, closures, randoms } from "./state";

/** The operations that steps are made of, by what they are about. A program uses some of the families. */
export const families: readonly WriteOperation[][] = [
  arithmetic,
  matrices,
  activations,
  sizeNumbers,
  reductions,
  shapes,
  assignments,
  images,
  randoms,
  closures,
];

/** Which of them works on batches of images. */
export const imageFamily = families.indexOf(images);
