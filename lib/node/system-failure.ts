import { UserError } from "../runtime/user-error";

/** What the system says when it won't read something, by its code: what is the matter, and what to do. */
const readFailures: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  ENOENT: ["does not exist", "Check the name, or bring it back."],
  ENOTDIR: ["does not exist", "Check the name: a part of it is a file, not a folder."],
  EISDIR: ["is a folder, not a file", "Name one file."],
  EACCES: ["may not be read", "Give yourself read access to it."],
  EPERM: ["may not be read", "Give yourself read access to it."],
  ELOOP: ["is a link that leads back to itself", "Let it point to what is meant."],
  ENAMETOOLONG: ["has a name longer than this system allows", "Use a shorter one."],
  EMFILE: ["could not be opened: too many files are open", "Close some, or raise the limit (`ulimit -n`)."],
  ENFILE: ["could not be opened: too many files are open", "Close other programs, and try again."],
  EIO: ["could not be read: the disk reports an error", "Bring an undamaged copy from elsewhere."],
  ERR_INVALID_ARG_VALUE: ["is no name that a file can have", "Check the name."],
  ERR_INVALID_ARG_TYPE: ["is no name of a file", "Pass the name as a text."],
};

/**
 * What to throw where something could not be read: a sentence for the system's codes (`ENOENT`, `EISDIR` …), and any
 * other error as it is.
 * @param what names the thing as the sentence's subject, for instance `The image a.jpg`
 * @param remedy says what to do where it is missing, in place of the usual advice
 */
export function explainReadFailure(error: unknown, what: string, remedy?: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) return error;
  const [why, usual] = readFailures[code] ?? [`could not be read (${code})`, "Look after it, and try again."];
  return new UserError(`${what} ${why}. ${code === "ENOENT" && remedy ? remedy : usual}`);
}
