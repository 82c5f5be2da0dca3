import { UserError } from "../../runtime/user-error";
import type { LabelledImage, LabelledImages, SetFiles } from "./labelled-images";
import { damaged, linesOf } from "./lines";

/**
 * FGVC-Aircraft (Maji et al. 2013) in its published layout: 100 variants of aircraft with its official training, validation
 * and test images, and boxes. The lowest 20 rows of pixels of each image name its photographer: its authors ask to cut
 * them off before anything is learnt.
 * @throws UserError where a file is missing or not of the published form
 */
export function readFgvcAircraft(files: SetFiles): LabelledImages {
  const classes = files.text("data/variants.txt").split(/\r?\n/).filter(Boolean);
  const boxes = new Map(
    linesOf(files.text("data/images_box.txt")).map(({ words }) => [words[0]!, words.slice(1).map(Number)]),
  );
  const list = (part: string): LabelledImage[] => {
    const origin = `data/images_variant_${part}.txt`;
    return linesOf(files.text(origin)).map(({ words: [image, ...variant], number }) => {
      const label = classes.indexOf(variant.join(" "));
      if (label < 0) throw damaged(origin, number);
      const [left, top, right, bottom] = boxes.get(image!) ?? [];
      if (bottom === undefined)
        throw new UserError(`data/images_box.txt has no box of ${image}. Unpack the set's archive again.`);
      // Corners are counted from 1, and lie within.
      const box = { x: left! - 1, y: top! - 1, width: right! - left! + 1, height: bottom - top! + 1 };
      return { file: `data/images/${image}.jpg`, label, box };
    });
  };
  return { classes, training: list("train"), validation: list("val"), test: list("test") };
}
