import { requireWhole } from "../../runtime/checks";
import { randomStream } from "../../runtime/random";
import type { LabelledImage } from "./labelled-images";

/** Of a hundred training images, so many validate. */
const percent = 10;

/**
 * Carves a tenth of the training images out for validation, as evenly over the classes as whole images allow: of
 * CUB-200-2011's 5,994 that is 599, and 5,395 are left.
 * @param seed equal seeds carve the same images
 * @returns both parts in the order of the images
 * @throws UserError for a seed that is no whole number
 */
export function carveValidation(
  images: readonly LabelledImage[],
  seed: number,
): { training: LabelledImage[]; validation: LabelledImage[] } {
  requireWhole("The seed of the validation images", seed, Number.MIN_SAFE_INTEGER);
  const stream = randomStream(seed, "validation images");
  const classes = new Map<number, LabelledImage[]>();
  for (const image of images) classes.set(image.label, [...(classes.get(image.label) ?? []), image]);
  const labels = [...classes.keys()].sort((one, other) => one - other);
  const shareOf = (label: number) => (classes.get(label)!.length * percent) / 100;
  const counts = new Map(labels.map((label) => [label, Math.floor(shareOf(label))]));
  const sum = [...counts.values()].reduce((total, count) => total + count, 0);
  // Who gets the images that are left over: classes whose share was cut by most, in random order among equals.
  const left = Math.floor((images.length * percent) / 100) - sum;
  const cut = (label: number) => shareOf(label) - counts.get(label)!;
  const order = stream
    .child("classes")
    .shuffled(labels)
    .sort((one, other) => cut(other) - cut(one));
  for (const label of order.slice(0, left)) counts.set(label, counts.get(label)! + 1);
  const carved = new Set(
    labels.flatMap((label) =>
      stream.child(`class ${label}`).shuffled(classes.get(label)!).slice(0, counts.get(label)),
    ),
  );
  return {
    training: images.filter((image) => !carved.has(image)),
    validation: images.filter((image) => carved.has(image)),
  };
}
