import { inflateRawSync } from "node:zlib";
import type { Inflate } from "../../weights/zip-archive";

/** Unpacks deflated bytes, and throws as soon as more than `size` come out. */
export const inflate: Inflate = (bytes, size) =>
  inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
