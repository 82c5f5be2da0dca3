import { objectSide } from "../../datasets/cutouts/layout";
import { longestSize } from "../../datasets/scenes/layout";
import { contactSheet } from "./contact-sheet";
import type { MadeDataSet, MadeImages } from "./made-images";
import { makeBackgrounds } from "./make-backgrounds";
import { makeObjects } from "./make-objects";
import { makePhotographs } from "./make-photographs";
import { makePhotographsByClass } from "./make-photographs-by-class";

/** A folder of `data` that is made from Debian packages. */
export interface DataSet {
  /** The names of the packages that it takes. */
  packages: readonly string[];
  /** The folders within it that hold images and nothing else; they are emptied before it is written. */
  folders: readonly string[];
  /**
   * @param packages the packages' bytes by name
   * @param choice the path of a list of choices, by its name
   */
  make(packages: ReadonlyMap<string, Buffer>, choice: (name: string) => string): Promise<MadeDataSet>;
}

/** By the name of the folder. */
export const dataSets: Readonly<Record<string, DataSet>> = {
  "cutouts-in-clutter": {
    packages: ["tuxpaint-stamps-default", "gcompris-qt-data", "mate-backgrounds", "lomiri-wallpapers-16.04"],
    folders: ["objects", "backgrounds"],
    async make(packages, choice) {
      const storage = { folder: "objects", side: objectSide, quality: "lossless" } as const;
      const objects = await makeObjects(packages, choice("objects"), storage);
      const backgrounds = await makeBackgrounds(packages, choice("backgrounds"));
      const rows = [
        ...sheetRows(objects, objectSide),
        backgrounds.images.map(({ bytes }) => ({ bytes, side: 100 })),
      ];
      return {
        tables: { "objects.csv": objects, "backgrounds.csv": backgrounds },
        contactSheet: await contactSheet(rows, 1044),
      };
    },
  },
  "things-among-distractors": {
    packages: ["tuxpaint-stamps-default"],
    folders: ["targets", "distractors"],
    async make(packages, choice) {
      const made = (folder: string) =>
        makeObjects(packages, choice(folder), { folder, side: longestSize, quality: "near-lossless" });
      const [targets, distractors] = [await made("targets"), await made("distractors")];
      return {
        tables: { "targets.csv": targets, "distractors.csv": distractors },
        contactSheet: await contactSheet([...sheetRows(targets, 48), ...sheetRows(distractors, 48)], 1044),
      };
    },
  },
  "photographs-in-context": {
    packages: [
      "gcompris-qt-data",
      "tuxpaint-data",
      "plasma-workspace-data",
      "lxqt-themes",
      "palapeli-data",
      "puzzle-jigsaw",
      "python3-skimage",
      "python3-sklearn",
    ],
    folders: ["photographs"],
    async make(packages, choice) {
      return { tables: { "photographs.csv": await makePhotographs(packages, choice("photographs")) } };
    },
  },
  "photographs-by-class": {
    packages: ["gcompris-qt-data"],
    folders: ["fish", "monument", "palace", "windmill"],
    async make(packages, choice) {
      const made = await makePhotographsByClass(packages, choice("photographs-by-class"));
      return {
        tables: { "photographs.csv": made },
        contactSheet: await contactSheet(sheetRows(made, 100), 1044),
      };
    },
  },
};

/** Each class on rows of its own. */
function sheetRows({ images }: MadeImages, side: number) {
  const classes = [...new Set(images.map((image) => image.className))];
  return classes.map((name) =>
    images.filter((image) => image.className === name).map(({ bytes }) => ({ bytes, side })),
  );
}
