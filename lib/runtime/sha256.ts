import { sha256 as digest } from "js-sha256";

/** Systems hash at most 2 GiB at a time; what is longer is hashed in parts, which takes longer and gives the same. */
const longest = 2 ** 30;

/** SHA-256 of a text (as UTF-8) or of bytes, as 64 hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  if (data.length <= longest || typeof data === "string") return digest(data);
  const hash = digest.create();
  for (let at = 0; at < data.length; at += longest) hash.update(data.subarray(at, at + longest));
  return hash.hex();
}
