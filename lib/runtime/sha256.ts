import { sha256 as digest } from "js-sha256";

/** SHA-256 of a text (as UTF-8) or of bytes, as 64 hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  return digest(data);
}
