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
 * Writes a file so that a reader, or a run that is killed at any moment, sees the old content or the new one
 * and never a part: the bytes go to a temporary file beside it, reach the disk, and are renamed.
 * @throws UserError when the disk is full or the folder may not be written.
 */
export async function writeAtomically(file: string, data: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.${randomUUID().slice(0, 8)}.part`;
  try {
    await fs.promises.mkdir(path.dirname(file), { recursive: true });
    const handle = await fs.promises.open(temporary, "w");
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.promises.rename(temporary, file);
  } catch (error) {
    await fs.promises.rm(temporary, { force: true });
    throw explainWriteFailure(error, file);
  }
}

function explainWriteFailure(error: unknown, file: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new UserError(
      `The disk is full: ${file} could not be written. Free some space and run the command again; what is finished is kept.`,
    );
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new UserError(
      `${file} could not be written (${code}). Give yourself write access to its folder and run the command again.`,
    );
  }
  return error;
}
