/** A tag of a TIFF file: its number and its values, written as SHORT. */
export type TiffTags = Readonly<Record<number, number[]>>;

/**
 * A little-endian TIFF file with one strip of pixels a page, written by hand: the tags say of the pixels what a test
 * wants said.
 * @param pages of 8 × 1 pixels
 */
export function tiffFile(pages: readonly { tags: TiffTags; pixels: Uint8Array }[]): Buffer {
  const parts: Buffer[] = [Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0])];
  let position = 8;
  pages.forEach(({ tags, pixels }, i) => {
    const dimensions: TiffTags = { 256: [8], 257: [1], 259: [1], 278: [1] };
    const all = Object.entries({ ...dimensions, 273: [0], 279: [pixels.length], ...tags });
    const directory = Buffer.alloc(2 + 12 * all.length + 4);
    // What doesn't fit into an entry of a tag stands behind the directory, the pixels behind that.
    const extra: Buffer[] = [];
    let free = position + directory.length;
    directory.writeUInt16LE(all.length);
    const strip = free + all.reduce((sum, [, v]) => sum + (v.length > 2 ? 2 * v.length : 0), 0);
    all.forEach(([tag, values], entry) => {
      const at = 2 + 12 * entry;
      directory.writeUInt16LE(Number(tag), at);
      directory.writeUInt16LE(3, at + 2);
      directory.writeUInt32LE(values.length, at + 4);
      const bytes = Buffer.from(Uint16Array.from(tag === "273" ? [strip] : values).buffer);
      if (bytes.length <= 4) {
        bytes.copy(directory, at + 8);
      } else {
        directory.writeUInt32LE(free, at + 8);
        extra.push(bytes);
        free += bytes.length;
      }
    });
    const end = strip + pixels.length + (pixels.length % 2);
    directory.writeUInt32LE(i === pages.length - 1 ? 0 : end, directory.length - 4);
    parts.push(directory, ...extra, Buffer.from(pixels), Buffer.alloc(pixels.length % 2));
    position = end;
  });
  return Buffer.concat(parts);
}
