import { UserError } from "../runtime/user-error";

/** Bytes that can be read piece by piece: a file, or an array. */
export interface ByteSource {
  length: number;
  /** Fills `target` with the bytes from `start` on. */
  read(start: number, target: Uint8Array): void;
}

/** An array as a source that is read piece by piece. */
export function sourceOfBytes(bytes: Uint8Array): ByteSource {
  if (!ArrayBuffer.isView(bytes) || bytes.BYTES_PER_ELEMENT !== 1)
    throw new UserError("The bytes of a file are given as a Uint8Array: new Uint8Array(buffer).");
  const read = (start: number, target: Uint8Array) =>
    target.set(bytes.subarray(start, start + target.length));
  return { length: bytes.length, read };
}

/** The bytes from `start` on, an array of their own; fewer where the source ends. */
export function readBytes(source: ByteSource, start: number, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, Math.min(length, source.length - start)));
  source.read(start, bytes);
  return bytes;
}

/** Sources one after the other as one: files that hold the parts of something long. */
export function joinSources(sources: readonly ByteSource[]): ByteSource {
  const read = (start: number, target: Uint8Array) => {
    let at = 0;
    for (const source of sources) {
      const from = Math.max(0, start - at);
      const to = Math.min(source.length, start + target.length - at);
      if (from < to) source.read(from, target.subarray(at + from - start, at + to - start));
      at += source.length;
    }
  };
  return { length: sources.reduce((sum, { length }) => sum + length, 0), read };
}
