import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../runtime/user-error";

export interface ImageFolder {
  /** The names of the sub-folders, in alphabetical order; a label is an index into them. */
  classes: string[];
  images: { file: string; className: string; label: number }[];
}

const imageName = /\.(jpe?g|png|webp|avif|tiff?|gif)$/i;

/**
 * Lists your own photographs: a folder with one sub-folder a class, named after it, with the class's images in it
 * (as torchvision's `ImageFolder` has it, but not deeper). Other files and hidden folders are passed over.
 *
 * The images are not opened here; {@link readImage} names one that is damaged.
 *
 * @throws UserError when the folder is missing or has no sub-folders, and when a sub-folder has no images
 */
export function listImageFolder(folder: string): ImageFolder {
  const classes = entriesOf(folder)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .sort();
  if (classes.length === 0) {
    throw new UserError(
      `${folder} has no sub-folders. Make one for every class, named after it, and put the class's images into it.`,
    );
  }
  const images = classes.flatMap((className, label) => {
    const names = entriesOf(path.join(folder, className))
      .filter((entry) => entry.isFile() && imageName.test(entry.name))
      .map((entry) => entry.name)
      .sort();
    if (names.length === 0) {
      throw new UserError(
        `The class folder ${path.join(folder, className)} holds no images (JPEG, PNG, WebP, AVIF, TIFF, GIF). Add some, or remove the folder.`,
      );
    }
    return names.map((name) => ({ file: path.join(folder, className, name), className, label }));
  });
  return { classes, images };
}

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case "ENOENT":
        throw new UserError(`The folder ${folder} does not exist. Check its name.`);
      case "ENOTDIR":
        throw new UserError(
          `${folder} is a file, not a folder. Name the folder that holds one sub-folder a class.`,
        );
      default:
        throw error;
    }
  }
}
