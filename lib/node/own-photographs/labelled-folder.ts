import * as path from "node:path";
import { UserError } from "../../runtime/user-error";
import { subFoldersOf } from "../folder-entries";
import { listImageFolder, type PassedOver } from "../image-folder";
import { describeImageSet, readImageSet } from "../published-sets/image-sets";

/** What a photograph is there for. */
export type Part = "training" | "validation" | "test";

/** One of one's own photographs. */
export interface LabelledPhotograph {
  file: string;
  /** An index into the classes. */
  label: number;
  /** What the folder says that it is there for; where it says nothing, it is dealt by chance. */
  part?: Part;
}

/** One's own photographs with their classes. */
export interface LabelledPhotographs {
  /** Where they lie. */
  folder: string;
  /** Names of the classes, in the order of the labels. */
  classes: readonly string[];
  photographs: readonly LabelledPhotograph[];
  /** What lies beside them and was not taken. */
  passedOver: readonly PassedOver[];
  /** What a reader of a report has to know of them, one sentence or two each. */
  notes?: readonly string[];
}

/** Names that the folders of parts go by. */
const partNames: Readonly<Record<string, Part>> = {
  train: "training",
  training: "training",
  val: "validation",
  valid: "validation",
  validation: "validation",
  test: "test",
  testing: "test",
};

/**
 * Lists a folder of one's own photographs: one sub-folder for each class, named after it; or sub-folders `train`, `test` and
 * perhaps `validation` with the classes in each, which are then kept as they are.
 * @throws UserError as `listImageFolder`, where there is `train` without `test` or the reverse, and for fewer than two classes
 */
export function labelledFolder(folder: string): LabelledPhotographs {
  const names = subFoldersOf(folder);
  const parts = new Map<Part, string>();
  for (const name of names) {
    const part = partNames[name.toLowerCase()];
    if (!part) continue;
    const other = parts.get(part);
    if (other)
      throw new UserError(`${folder} has two folders for ${part}, ${other} and ${name}. Keep one of them.`);
    parts.set(part, name);
  }
  const isParted = parts.size > 0 && parts.size === names.length;
  const listed = isParted ? listParts(folder, parts) : listWhole(folder);
  if (listed.classes.length < 2) {
    throw new UserError(
      `${folder} has a single class, ${listed.classes[0]}, and a model tells classes apart. Add a folder with photographs of something else.`,
    );
  }
  return { folder, ...listed };
}

/**
 * A published set in the folder that its archive was unpacked to, in its official split; see `readImageSet`.
 * @param name such as `cub200`
 * @param seed decides which training photographs validate, where the set has no official ones
 * @throws UserError for an unknown name, and where files are missing or not as they were published
 */
export function publishedPhotographs(name: string, folder: string, seed = 1): LabelledPhotographs {
  const { classes, ...parts } = readImageSet(name, folder, { seed });
  const photographs = (["training", "validation", "test"] as const).flatMap((part) =>
    parts[part].map(({ file, label }) => ({ file, label, part })),
  );
  return { folder, classes, photographs, passedOver: [], notes: [describeImageSet(name)] };
}

function listWhole(folder: string) {
  const { classes, images, passedOver } = listImageFolder(folder);
  return { classes, passedOver, photographs: images.map(({ file, label }) => ({ file, label })) };
}

function listParts(folder: string, parts: ReadonlyMap<Part, string>) {
  for (const [part, usual] of [
    ["training", "train"],
    ["test", "test"],
  ] as const) {
    if (parts.has(part)) continue;
    throw new UserError(
      `${folder} has folders ${[...parts.values()].join(" and ")}, but none named ${usual}. Add it, or put the classes ` +
        "straight into the folder, and they are dealt by chance.",
    );
  }
  const { classes } = listImageFolder(path.join(folder, parts.get("training")!));
  const passedOver: PassedOver[] = [];
  const photographs: LabelledPhotograph[] = [];
  for (const [part, name] of parts) {
    const listed = listImageFolder(path.join(folder, name), { classes });
    photographs.push(...listed.images.map(({ file, label }) => ({ file, label, part })));
    passedOver.push(...listed.passedOver);
  }
  return { classes, photographs, passedOver };
}
