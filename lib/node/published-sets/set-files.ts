import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync, inflateSync } from "node:zlib";
import type { LabelledImage, LabelledImages, SetFiles } from "../../datasets/published/labelled-images";
import type { InflateZlib } from "../../datasets/published/matlab-file";
import { UserError } from "../../runtime/user-error";
import { explainReadFailure } from "../system-failure";

/** Lists of published sets have a few megabytes. */
const mostBytes = 2 ** 28;

/**
 * The files of a set in its folder; a file that is there packed (`.gz`) is unpacked.
 * @param title the set's, for error messages
 */
export function setFiles(folder: string, title: string): SetFiles {
  const bytes = (name: string) => {
    const place = path.join(folder, ...name.split("/"));
    const packed = !fs.existsSync(place) && fs.existsSync(`${place}.gz`);
    try {
      const content = fs.readFileSync(packed ? `${place}.gz` : place);
      return packed ? gunzipSync(content, { maxOutputLength: mostBytes }) : content;
    } catch (error) {
      if (packed) throw new UserError(`${place}.gz is damaged. Download it again.`);
      const remedy = `It belongs to ${title}: name the folder that the set's archive was unpacked to.`;
      throw explainReadFailure(error, `The file ${place}`, remedy);
    }
  };
  return { bytes, text: (name) => bytes(name).toString("utf8") };
}

/** Unpacks parts of MATLAB's files. */
export const inflateZlib: InflateZlib = (bytes) => inflateSync(bytes, { maxOutputLength: mostBytes });

/**
 * The images of a set with the places of their files.
 * @throws UserError where some are missing
 */
export function placed(folder: string, set: LabelledImages): LabelledImages {
  const missing: string[] = [];
  const place = (images: readonly LabelledImage[]) =>
    images.map((image) => {
      const file = path.join(folder, ...image.file.split("/"));
      if (!fs.existsSync(file)) missing.push(file);
      return { ...image, file };
    });
  const { classes } = set;
  const result = {
    classes,
    training: place(set.training),
    validation: place(set.validation),
    test: place(set.test),
  };
  if (missing.length > 0)
    throw new UserError(
      `${missing[0]} is missing${missing.length > 1 ? `, and ${missing.length - 1} other images are` : ""}. Unpack the set's archive again.`,
    );
  return result;
}
