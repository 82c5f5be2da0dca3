import * as fs from "node:fs";
import type { ByteSource } from "../weights/byte-source";
import { explainReadFailure } from "./system-failure";

/** The most that one call reads: systems refuse 2 GiB. */
const partBytes = 2 ** 30;

/** A file that is read piece by piece, until it is closed. */
export interface OpenFile extends ByteSource {
  close(): void;
}

/**
 * Opens a file to be read piece by piece.
 * @param what names the file as a sentence's subject, for instance `The weights file a.pth`
 * @param remedy says what to do where it is missing
 * @throws UserError when it is missing, is a folder, or may not be read; so do its reads
 */
export function openFile(file: string, what: string, remedy?: string): OpenFile {
  const attempt = <Value>(action: () => Value): Value => {
    try {
      return action();
    } catch (error) {
      throw explainReadFailure(error, what, remedy);
    }
  };
  const handle = attempt(() => fs.openSync(file, "r"));
  const close = () => fs.closeSync(handle);
  try {
    const length = attempt(() => sizeOf(handle));
    const read = (start: number, target: Uint8Array) => attempt(() => fill(handle, start, target));
    return { length, read, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Opens a file to be read piece by piece, and closes it when `use` is done; else as {@link openFile}.
 * @throws UserError as {@link openFile}
 */
export function withOpenFile<Result>(
  file: string,
  what: string,
  use: (source: ByteSource) => Result,
  remedy?: string,
): Result {
  const source = openFile(file, what, remedy);
  try {
    return use(source);
  } finally {
    source.close();
  }
}

/**
 * The bytes of a whole file.
 * @param what names the file as a sentence's subject
 * @param remedy says what to do where it is missing
 * @throws UserError as {@link withOpenFile}
 */
export async function readWholeFile(file: string, what: string, remedy?: string): Promise<Buffer> {
  try {
    return await fs.promises.readFile(file);
  } catch (error) {
    throw explainReadFailure(error, what, remedy);
  }
}

/** As {@link readWholeFile}, at once. */
export function readWholeFileSync(file: string, what: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw explainReadFailure(error, what);
  }
}

function sizeOf(handle: number): number {
  const stats = fs.fstatSync(handle);
  if (stats.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
  return stats.size;
}

function fill(handle: number, start: number, target: Uint8Array): void {
  for (let at = 0; at < target.length; ) {
    const length = Math.min(partBytes, target.length - at);
    const count = fs.readSync(handle, target, at, length, start + at);
    // The file became shorter while it was read.
    if (count === 0) throw Object.assign(new Error("cut short"), { code: "EIO" });
    at += count;
  }
}
