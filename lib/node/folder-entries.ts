import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../runtime/user-error";
import { explainReadFailure } from "./system-failure";

/** Endings of the formats that `readImage` decodes; from `apng` on they are PNG and JPEG under other names. */
const imageName = /\.(jpe?g|png|webp|avif|tiff?|gif|apng|jpe|jfif?|jif|pjp|pjpeg)$/i;

/** What systems put into folders beside what their users put there; what begins with a dot is left out as well. */
const systemNames = new Set([
  "__macosx",
  "icon\r",
  "thumbs.db",
  "ehthumbs.db",
  "desktop.ini",
  "$recycle.bin",
  "system volume information",
  "lost+found",
  "@eadir",
]);

/** Something in a folder of images. */
export interface FolderEntry {
  name: string;
  place: string;
  /** `image`, `folder`, or the kind under which it is passed over. */
  kind: string;
}

/** What a folder holds, in the order of the names in normal form. */
export function entriesOf(folder: string): FolderEntry[] {
  const names = listNames(folder).map((name) => [name.normalize(), name] as const);
  // Equal in normal form: as they are written, so that the order never depends on the system's.
  names.sort(([one, first], [other, second]) => compare(one, other) || compare(first, second));
  return names.map(([, name]) => ({ name, place: path.join(folder, name), kind: kindOf(folder, name) }));
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

function listNames(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR" && fs.existsSync(folder)) {
      throw new UserError(
        `${folder} is a file, not a folder. Name the folder that holds one sub-folder a class.`,
      );
    }
    throw explainReadFailure(error, `The folder ${folder}`);
  }
}

function kindOf(folder: string, name: string): string {
  if (name.startsWith(".")) return "hidden";
  if (systemNames.has(name.toLowerCase())) return "the system's own";
  let stats: fs.Stats;
  try {
    stats = fs.statSync(path.join(folder, name));
  } catch (error) {
    // A link may lead nowhere, or in a circle; anything else that can't be looked at is the user's to see.
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ELOOP" || code === "ENOTDIR") return "broken link";
    throw explainReadFailure(error, path.join(folder, name));
  }
  if (stats.isDirectory()) return "folder";
  if (!stats.isFile()) return "neither a file nor a folder";
  if (imageName.test(name)) return "image";
  return path.extname(name).toLowerCase() || "without an extension";
}

/** Names of the folders in a folder, hidden ones left out; none where it can't be read. */
export function subFoldersOf(folder: string): string[] {
  try {
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .filter((name) => !systemNames.has(name.toLowerCase()));
  } catch {
    return [];
  }
}
