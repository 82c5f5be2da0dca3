import { readCub } from "../../datasets/published/cub-200-2011";
import { readFgvcAircraft } from "../../datasets/published/fgvc-aircraft";
import { readFlowers102 } from "../../datasets/published/flowers-102";
import type { LabelledImages, SetFiles } from "../../datasets/published/labelled-images";
import { readOxfordPets } from "../../datasets/published/oxford-pets";
import { readStanfordDogs } from "../../datasets/published/stanford-dogs";
import { shown } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";
import { readWholeFileSync } from "../open-file";
import { inflateZlib, placed, setFiles } from "./set-files";

/** How a published set is read. */
export interface ImageSetOptions {
  /** Decides which training images validate, in sets without official validation images; 1 if nothing is said. */
  seed?: number;
  /** A text file with the names of images that ImageNet has too, one on each line; for CUB-200-2011. */
  imagenetList?: string;
}

interface Read {
  seed: number;
  imagenetList: string | undefined;
}

interface PublishedSet {
  title: string;
  read(files: SetFiles, options: Read): LabelledImages;
  /** What a reader of results has to know of its split, as a sentence. */
  split: string;
}

const carved = "Its official training photographs, less a tenth that was carved out by seed for validation";
const official = "Training, validation and test are the official ones.";

const sets: Readonly<Record<string, PublishedSet>> = {
  cub200: { title: "CUB-200-2011", read: readCub, split: `${carved}, and its official test photographs.` },
  "oxford-pets": {
    title: "Oxford-IIIT Pets",
    read: readOxfordPets,
    split: `${carved}, and its official test photographs.`,
  },
  flowers102: {
    title: "Oxford Flowers-102",
    read: (files) => readFlowers102(files, inflateZlib),
    split: official,
  },
  "stanford-dogs": {
    title: "Stanford Dogs",
    read: (files, options) => readStanfordDogs(files, options, inflateZlib),
    split: `${carved}, and its official test photographs. All of them are in ImageNet too, and weights trained there know them.`,
  },
  "fgvc-aircraft": { title: "FGVC-Aircraft", read: readFgvcAircraft, split: official },
};

/** The names that {@link readImageSet} takes, and the sets' titles. */
export const imageSets: ReadonlyMap<string, string> = new Map(
  Object.entries(sets).map(([name, { title }]) => [name, title]),
);

/**
 * A published set of labelled photographs in the folder that its archive was unpacked to, in its official split. Sets
 * without official validation images get a tenth of the training images, carved out by seed. The images are not opened.
 * @param name one of {@link imageSets}, such as `cub200`
 * @throws UserError for an unknown name, and where files are missing or not as they were published
 */
export function readImageSet(
  name: string,
  folder: string,
  { seed = 1, imagenetList }: ImageSetOptions = {},
): LabelledImages {
  const set = findSet(name);
  if (imagenetList !== undefined && name !== "cub200")
    throw new UserError("A list of images that ImageNet has too is read for cub200 alone. Leave it out.");
  const list =
    imagenetList === undefined ? undefined : readWholeFileSync(imagenetList, `The list ${imagenetList}`);
  return placed(
    folder,
    set.read(setFiles(folder, set.title), { seed, imagenetList: list?.toString("utf8") }),
  );
}

/**
 * What a reader of results with a published set has to know of it, as a sentence or two.
 * @throws UserError for an unknown name
 */
export function describeImageSet(name: string): string {
  const { title, split } = findSet(name);
  return `${title}. ${split}`;
}

function findSet(name: string): PublishedSet {
  const set = Object.hasOwn(sets, name) ? sets[name] : undefined;
  if (set) return set;
  throw new UserError(`There is no set ${shown(name)}. Choose one of ${[...imageSets.keys()].join(", ")}.`);
}
