import { createHash } from "node:crypto";
import { withOpenFile } from "./open-file";

const partBytes = 2 ** 23;

/**
 * SHA-256 of a file, read piece by piece, as 64 hexadecimal digits.
 * @param what names the file as a sentence's subject
 * @throws UserError when it is missing or can't be read
 */
export function digestOfFile(file: string, what: string): string {
  return withOpenFile(file, what, (source) => {
    const hash = createHash("sha256");
    const part = new Uint8Array(Math.min(partBytes, source.length));
    for (let at = 0; at < source.length; at += part.length) {
      const piece = part.subarray(0, Math.min(part.length, source.length - at));
      source.read(at, piece);
      hash.update(piece);
    }
    return hash.digest("hex");
  });
}
