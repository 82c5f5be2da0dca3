import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../runtime/user-error";
import { entriesOf, subFoldersOf } from "./folder-entries";

/** The labelled photographs of a folder, and what was found beside them. */
export interface ImageFolder {
  /**
   * The names of the classes; a label is an index into them. The list that was passed or, without one, the names of
   * the sub-folders in Unicode normal form (NFC), sorted by their code units.
   */
  classes: string[];
  /** Class by class, in each in the order of the names; `file` begins with the folder as it was passed. */
  images: { file: string; className: string; label: number }[];
  /** What was found and not listed, by kind, the most frequent kind first. */
  passedOver: PassedOver[];
}

/** Files of one kind that were found in a folder of images and not listed. */
export interface PassedOver {
  /** The extension in lower case (`.heic`), or in words what it is: `hidden`, `broken link`, `folder in a class` … */
  kind: string;
  count: number;
  /** The first of them. */
  example: string;
}

/** What a folder of photographs shares with the other parts of its set. */
export interface ImageFolderOptions {
  /**
   * The names of the classes, in the order of their labels: those of the training part for validation and test parts, so
   * that all parts share one list. A class without a sub-folder is fine; a sub-folder that is not in the list is refused.
   */
  classes?: readonly string[];
}

const readableFormats = "JPEG, PNG, WebP, AVIF, TIFF, GIF";

/**
 * Lists your own photographs: a folder with one sub-folder a class, named after it, with the class's images in it
 * (as torchvision's `ImageFolder` has it, but not deeper). Links to files and to folders are followed. What is no image,
 * hidden, or a system's own file is passed over, counted and named by its kind.
 *
 * Names are compared in Unicode normal form, since systems write one and the same `é` in different ways. The images are
 * not opened here; {@link readImage} names one that is damaged.
 *
 * @throws UserError when the folder is missing or has no sub-folders, when a sub-folder has no images or is not among
 *   `classes`, when without `classes` a folder beside it has all of its classes and more, so that labels
 *   would differ, and when two sub-folders have the same name in normal form or are one and the same folder
 */
export function listImageFolder(folder: string, options: ImageFolderOptions = {}): ImageFolder {
  const passedOver = new PassedOverList();
  const found = classFolders(folder, passedOver);
  if (found.size === 0) {
    throw new UserError(
      `${folder} has no sub-folders. Make one for every class, named after it, and put the class's images into it.`,
    );
  }
  if (!options.classes) refuseWhereOthersHaveMore(folder, found);
  const classes = options.classes ? givenClasses(options.classes) : [...found.keys()].sort();
  const labels = new Map(classes.map((name, label) => [name.normalize(), label]));
  const unknown = [...found].find(([name]) => !labels.has(name));
  if (unknown) {
    throw new UserError(
      `${unknown[1]} is no folder of a known class (${classes.join(", ")}). Rename it, remove it, or add it to the classes and train with them.`,
    );
  }
  const images = [...labels].flatMap(([name, label]) => {
    const place = found.get(name);
    const files = place === undefined ? [] : imagesOf(place, options.classes !== undefined, passedOver);
    return files.map((file) => ({ file, className: classes[label]!, label }));
  });
  if (images.length === 0) {
    throw new UserError(`The class folders of ${folder} hold no images (${readableFormats}). Add some.`);
  }
  return { classes, images, passedOver: passedOver.kinds() };
}

/**
 * A part of a set in which a class is missing (validation without dogs) would number its classes otherwise than the other
 * parts. They lie side by side: a neighbour with all of these classes and more, in which their labels differ, is taken for
 * one.
 */
function refuseWhereOthersHaveMore(folder: string, found: ReadonlyMap<string, string>): void {
  const parent = path.dirname(path.resolve(folder));
  const names = [...found.keys()].sort();
  for (const neighbour of subFoldersOf(parent)) {
    const others = subFoldersOf(path.join(parent, neighbour)).map((name) => name.normalize());
    const labels = new Map(others.sort().map((name, label) => [name, label]));
    const among = names.every((name) => labels.has(name));
    if (!among || names.every((name, label) => labels.get(name) === label)) continue;
    throw new UserError(
      `${folder} has only some of the classes of ${path.join(parent, neighbour)} beside it, so their labels would differ. ` +
        "Pass the classes of the training part: listImageFolder(folder, { classes }).",
    );
  }
}

/** @throws UserError for an empty list, and for a name that stands in it twice. */
function givenClasses(classes: readonly string[]): string[] {
  if (!Array.isArray(classes) || classes.some((name) => typeof name !== "string"))
    throw new UserError("The `classes` of a folder are a list of names, such as those of the training part.");
  const normal = classes.map((name) => name.normalize());
  const twice = normal.find((name, i) => normal.indexOf(name) !== i);
  if (classes.length === 0 || twice !== undefined) {
    const what = twice === undefined ? "is empty" : `holds "${twice}" twice`;
    throw new UserError(`The list of classes ${what}. Pass the names of the training part, each once.`);
  }
  return [...classes];
}

/** The class folders by name in normal form. */
function classFolders(folder: string, passedOver: PassedOverList): Map<string, string> {
  const found = new Map<string, string>();
  const places = new Map<string, string>();
  for (const { place, name, kind } of entriesOf(folder)) {
    if (kind !== "folder") {
      passedOver.add(kind === "image" ? "image outside the class folders" : kind, place);
      continue;
    }
    const real = fs.realpathSync(place);
    if (`${fs.realpathSync(folder)}${path.sep}`.startsWith(`${real}${path.sep}`)) {
      passedOver.add("link to a folder above it", place);
      continue;
    }
    const other = found.get(name.normalize()) ?? places.get(real);
    if (other !== undefined) {
      const why =
        places.get(real) === other
          ? "are one and the same folder"
          : "bear the same name, written with different characters of Unicode";
      throw new UserError(`The class folders ${other} and ${place} ${why}. Keep one of them.`);
    }
    found.set(name.normalize(), place);
    places.set(real, place);
  }
  return found;
}

/** @throws UserError when the folder holds no images, unless it is quite empty and may be. */
function imagesOf(folder: string, mayBeEmpty: boolean, passedOver: PassedOverList): string[] {
  const here = new PassedOverList();
  const files: string[] = [];
  for (const { place, kind } of entriesOf(folder)) {
    if (kind === "image") files.push(place);
    else
      for (const list of [here, passedOver]) list.add(kind === "folder" ? "folder in a class" : kind, place);
  }
  const others = here.kinds();
  if (files.length === 0 && !(mayBeEmpty && others.length === 0)) {
    const found = others.map(({ kind, count, example }) => `${count} × ${kind} (${path.basename(example)})`);
    const [only, remedy] =
      found.length === 0 ? ["", "Add some"] : [`, only ${found.join(", ")}`, "Convert or add some"];
    throw new UserError(
      `The class folder ${folder} holds no images (${readableFormats})${only}. ${remedy}, or remove the folder.`,
    );
  }
  return files;
}

/** Counts what was passed over, by kind. */
class PassedOverList {
  private readonly byKind = new Map<string, PassedOver>();

  add(kind: string, example: string): void {
    const entry = this.byKind.get(kind) ?? { kind, count: 0, example };
    entry.count++;
    this.byKind.set(kind, entry);
  }

  kinds(): PassedOver[] {
    return [...this.byKind.values()].sort((one, other) => other.count - one.count);
  }
}
