import { carveValidation } from "./carve-validation";
import type { LabelledImage, LabelledImages, SetFiles, SetOptions } from "./labelled-images";
import { damaged, linesOf, requireClasses } from "./lines";

/**
 * Oxford-IIIT Pets (Parkhi et al. 2012) in its published layout: 37 breeds, `annotations/trainval.txt`, of which a tenth is
 * carved out by seed for validation, and `annotations/test.txt`.
 * @throws UserError where a file is missing or not of the published form
 */
export function readOxfordPets(files: SetFiles, { seed }: SetOptions): LabelledImages {
  const classes: string[] = [];
  const list = (name: string): LabelledImage[] =>
    linesOf(files.text(name)).map(({ words, number }) => {
      const [image, breed, ...more] = words;
      const label = Number(breed) - 1;
      if (more.length !== 2 || !/^\d{1,4}$/.test(breed!) || label < 0) throw damaged(name, number);
      classes[label] ??= image!.replace(/_\d+$/, "").replaceAll("_", " ");
      return { file: `images/${image}.jpg`, label };
    });
  const [training, test] = [list("annotations/trainval.txt"), list("annotations/test.txt")];
  requireClasses(classes, "annotations/trainval.txt");
  return { classes, ...carveValidation(training, seed), test };
}
