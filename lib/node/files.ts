import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../runtime/user-error";

let foundProject: string | undefined;

/**
 * The checkout's top folder, found by walking up from this file.
 * @throws UserError where the library is used outside a checkout; pass explicit folders there.
 */
export function projectFolder(): string {
  if (foundProject) return foundProject;
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    if (
      fs.existsSync(path.join(folder, "notebooks")) &&
      fs.existsSync(path.join(folder, "lib", "package.json"))
    ) {
      foundProject = folder;
      return folder;
    }
    if (folder === path.dirname(folder)) {
      throw new UserError(
        `No checkout of attention-in-transfer-learning was found above ${__dirname}. ` +
          "Outside a checkout, pass the folder of your data and of the cache explicitly.",
      );
    }
  }
}

/** The folder of the committed data. */
export function dataFolder(): string {
  return path.join(projectFolder(), "data");
}

/** The folder of everything that can be computed again; it may be deleted at any time. */
export function cacheFolder(): string {
  return path.join(dataFolder(), "cache");
}

/**
 * Looks whether a folder can be written and has room, before something is computed that is to be kept there.
 * @throws UserError when it can't be written, or its disk has less than `bytes` free
 */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const probe = path.join(folder, `${process.pid}.${randomUUID().slice(0, 8)}.part`);
  let free: number;
  try {
    await fs.promises.mkdir(folder, { recursive: true });
    await fs.promises.writeFile(probe, "");
    await fs.promises.rm(probe);
    const { bavail, bsize } = await fs.promises.statfs(folder);
    free = bavail * bsize;
  } catch (error) {
    throw explainWriteFailure(error, probe);
  }
  if (free >= bytes) return;
  const [needed, there] = [bytes, free].map((n) => `${(n / 2 ** 30).toFixed(1)} GiB`);
  throw new UserError(
    `What is to be kept in ${folder} takes ${needed}, and its disk has ${there} free. Free some space, or choose a folder on another disk.`,
  );
}

/**
 * Writes a file so that a reader, or a run that is killed at any moment, sees the old content or the new one
 * and never a part: the bytes go to a temporary file beside it, reach the disk, and are renamed.
 * @param data a text, bytes, or bytes in parts, of which there may be more than fit into one array
 * @throws UserError when the disk is full or the folder may not be written.
 */
export async function writeAtomically(
  file: string,
  data: string | Uint8Array | Iterable<Uint8Array>,
): Promise<void> {
  const parts = typeof data === "string" || data instanceof Uint8Array ? [data] : data;
  const temporary = `${file}.${process.pid}.${randomUUID().slice(0, 8)}.part`;
  try {
    await fs.promises.mkdir(path.dirname(file), { recursive: true });
    const handle = await fs.promises.open(temporary, "w");
    try {
      // From where the last part ended.
      for (const part of parts) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.promises.rename(temporary, file);
  } catch (error) {
    // Where even this fails, the first failure is the one to tell.
    await fs.promises.rm(temporary, { force: true }).catch(() => {});
    throw explainWriteFailure(error, file);
  }
}

/** What to throw where something could not be written: a sentence for the system's codes, any other error as it is. */
export function explainWriteFailure(error: unknown, file: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const again = "and run the command again";
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new UserError(
        `The disk is full: ${file} could not be written. Free some space ${again}; what is finished is kept.`,
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new UserError(
        `${file} could not be written (${code}). Give yourself write access to its folder ${again}.`,
      );
    case "EEXIST":
    case "ENOTDIR":
      return new UserError(
        `${file} could not be written: a part of its name is a file, not a folder. Choose another folder.`,
      );
    case "EISDIR":
      return new UserError(`${file} could not be written: it is a folder. Choose another name.`);
    case "ENAMETOOLONG":
      return new UserError(
        `${file} could not be written: its name is longer than this system allows. Use a shorter one.`,
      );
    case "EFBIG":
      return new UserError(
        `${file} could not be written: it is larger than its disk's file system allows. Choose a folder on another disk.`,
      );
    default:
      return new UserError(`${file} could not be written (${code}). Look after its disk ${again}.`);
  }
}
