import { UserError } from "../../runtime/user-error";
import { carveValidation } from "./carve-validation";
import type {
  ImageBox,
  ImagePart,
  LabelledImage,
  LabelledImages,
  SetFiles,
  SetOptions,
} from "./labelled-images";
import { damaged, linesOf, lookUp, numberedLines } from "./lines";

/** What else the reader of CUB-200-2011 is told. */
export interface CubOptions extends SetOptions {
  /** Names of images that ImageNet has too, one on each line, with or without folders. */
  imagenetList?: string | undefined;
}

/**
 * Caltech-UCSD Birds 200-2011 (Wah et al. 2011) in its published layout: 200 classes, 5,994 training images and 5,794 test
 * images in the official split, of the former a tenth (599) carved out by seed for validation; boxes, and where the visible
 * ones of 15 parts are.
 *
 * Some of its images are in ImageNet too, on which most weights were trained; 23 were found to be equal byte by byte
 * (guopei.github.io/2016/Overlap-Between-Imagenet-And-CUB). A list of them marks them, so that results can be told with and
 * without.
 * @throws UserError where a file is missing, not of the published form, or speaks of other images than the others
 */
export function readCub(files: SetFiles, { seed, imagenetList }: CubOptions): LabelledImages {
  const named = (name: string, count?: number) => numberedLines(files.text(name), name, count);
  const classes = named("classes.txt", 1);
  const labels = new Map(
    [...classes.keys()].sort((one, other) => one - other).map((key, label) => [key, label]),
  );
  const ofImages = named("image_class_labels.txt", 1);
  const official = named("train_test_split.txt", 1);
  const boxes = named("bounding_boxes.txt", 4);
  const parts = readParts(files);
  const inImagenet = imagenetList === undefined ? undefined : imagesOfList(imagenetList);
  const [training, test]: [LabelledImage[], LabelledImage[]] = [[], []];
  const names = named("images.txt", 1);
  for (const [id, [name]] of names) {
    const label = lookUp(labels, Number(lookUp(ofImages, id, "image_class_labels.txt")[0]), "classes.txt");
    const image: LabelledImage = {
      file: `images/${name}`,
      label,
      box: boxOf(lookUp(boxes, id, "bounding_boxes.txt"), id),
      parts: parts.get(id) ?? [],
    };
    const known = inImagenet?.delete(plainName(name!));
    if (known !== undefined) image.alsoInImagenet = known;
    const isTraining = lookUp(official, id, "train_test_split.txt")[0];
    if (isTraining !== "0" && isTraining !== "1") throw damaged("train_test_split.txt", id);
    (isTraining === "1" ? training : test).push(image);
  }
  for (const unknown of inImagenet ?? [])
    throw new UserError(
      `The list of images that ImageNet has too names ${unknown}, which CUB-200-2011 has not. Pass a list of its images.`,
    );
  return {
    classes: [...labels.keys()].map((key) =>
      classes
        .get(key)![0]!
        .replace(/^\d+\./, "")
        .replaceAll("_", " "),
    ),
    ...carveValidation(training, seed),
    test,
  };
}

function boxOf(words: readonly string[], id: number): ImageBox {
  const [x, y, width, height] = words.map(Number) as [number, number, number, number];
  if (![x, y, width, height].every(Number.isFinite)) throw damaged("bounding_boxes.txt", id);
  return { x, y, width, height };
}

/** The visible parts of each image. */
function readParts(files: SetFiles): Map<number, ImagePart[]> {
  const names = numberedLines(files.text("parts/parts.txt"), "parts/parts.txt");
  const result = new Map<number, ImagePart[]>();
  const origin = "parts/part_locs.txt";
  for (const { words, number } of linesOf(files.text(origin))) {
    const [image, part, x, y, visible] = words.map(Number) as [number, number, number, number, number];
    if (words.length !== 5 || !words.every((word) => Number.isFinite(Number(word))))
      throw damaged(origin, number);
    if (!result.has(image)) result.set(image, []);
    const name = lookUp(names, part, "parts/parts.txt").join(" ");
    if (visible === 1) result.get(image)!.push({ name, x, y });
  }
  return result;
}

const imagesOfList = (text: string) =>
  new Set(
    linesOf(text).flatMap(({ words }) =>
      words.filter((word) => !/^n\d{8}/.test(plainName(word))).map(plainName),
    ),
  );

/** An image's name without its folders and ending. */
const plainName = (name: string) => name.replace(/^.*\//, "").replace(/\.jpe?g$/i, "");
