import { UserError } from "../../runtime/user-error";
import { carveValidation } from "./carve-validation";
import type { LabelledImage, LabelledImages, SetFiles, SetOptions } from "./labelled-images";
import { requireClasses } from "./lines";
import { type InflateZlib, numbersOf, parseMatlab, textsOf } from "./matlab-file";

/**
 * Stanford Dogs (Khosla et al. 2011) in its published layout: 120 breeds, `train_list.mat`, of which a tenth is carved out by
 * seed for validation, and `test_list.mat`. All of its images are from ImageNet: weights that were trained there know
 * them.
 * @throws UserError where a file is missing or not of the published form
 */
export function readStanfordDogs(
  files: SetFiles,
  { seed }: SetOptions,
  inflate: InflateZlib,
): LabelledImages {
  const classes: string[] = [];
  const list = (name: string): LabelledImage[] => {
    const content = parseMatlab(files.bytes(name), name, inflate);
    const labels = numbersOf(content, "labels", name);
    return textsOf(content, "file_list", name).map((file, i) => {
      const label = (labels[i] ?? 0) - 1;
      if (!(label >= 0 && label < labels.length))
        throw new UserError(`${name} has no label for ${file}. Unpack the set's archive again.`);
      // n02085620-Chihuahua/n02085620_10074.jpg
      classes[label] ??= file
        .replace(/\/.*$/, "")
        .replace(/^n\d+-/, "")
        .replaceAll("_", " ");
      return { file: `Images/${file}`, label };
    });
  };
  const [training, test] = [list("train_list.mat"), list("test_list.mat")];
  requireClasses(classes, "train_list.mat");
  return { classes, ...carveValidation(training, seed), test };
}
