import { UserError } from "../../runtime/user-error";
import type { LabelledImages, SetFiles } from "./labelled-images";
import { type InflateZlib, numbersOf, parseMatlab } from "./matlab-file";

/**
 * Oxford Flowers-102 (Nilsback and Zisserman 2008) in its published layout: `jpg`, `imagelabels.mat` and `setid.mat`, with
 * the official training (1,020), validation (1,020) and test images (6,149). The set gives its classes numbers and no
 * names.
 * @throws UserError where a file is missing or not of the published form
 */
export function readFlowers102(files: SetFiles, inflate: InflateZlib): LabelledImages {
  const [labelsFile, splitFile] = ["imagelabels.mat", "setid.mat"];
  const labels = numbersOf(parseMatlab(files.bytes(labelsFile), labelsFile, inflate), "labels", labelsFile);
  const split = parseMatlab(files.bytes(splitFile), splitFile, inflate);
  const list = (name: string) =>
    numbersOf(split, name, splitFile).map((number) => {
      const label = labels[number - 1];
      if (label === undefined || !(label >= 1 && label <= labels.length))
        throw new UserError(
          `${labelsFile} has no label for image ${number}, which ${splitFile} names. Download both again.`,
        );
      return { file: `jpg/image_${String(number).padStart(5, "0")}.jpg`, label: label - 1 };
    });
  const classes = Array.from({ length: Math.max(0, ...labels) }, (_, i) => `flower ${i + 1}`);
  return { classes, training: list("trnid"), validation: list("valid"), test: list("tstid") };
}
