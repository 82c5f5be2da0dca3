import { sha256 as digest } from "js-sha256";

/** Node hashes at most so many bytes at a time. What is longer is hashed in parts, in JavaScript: slower, and the same. */
const longest = 2 ** 31 - 1;

/** SHA-256 of a text (as UTF-8) or of bytes, as 64 hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  if (data.length <= longest || typeof data === "string") return digest(data);
  const hash = digest.create();
  for (let at = 0; at < data.length; at += longest) hash.update(data.subarray(at, at + longest));
  return hash.hex();
}
