import { brokenWeights } from "./broken-weights";

/**
 * Finds the members of a zip archive whose content is stored without compression, as `torch.save` stores it.
 *
 * A stored member is a plain run of bytes, so that a zip library would only add a dependency. Layout:
 * APPNOTE.TXT 6.3, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end).
 * @returns views into `bytes`, by member name.
 * @throws UserError when the archive is damaged, cut short, compressed, or larger than 4 GB.
 */
export function storedZipMembers(file: string, bytes: Buffer): Map<string, Buffer> {
  try {
    return readDirectory(file, bytes);
  } catch (error) {
    // Buffer's readers throw a RangeError past the end of the file.
    if (error instanceof RangeError) throw brokenWeights(file, "it ends too early");
    throw error;
  }
}

function readDirectory(file: string, bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf("PK\x05\x06", undefined, "latin1");
  // The last field is the length of a comment, which ends the file.
  if (end < 0 || end + 22 + bytes.readUInt16LE(end + 20) > bytes.length)
    throw brokenWeights(file, "it ends too early");
  const count = bytes.readUInt16LE(end + 10);
  let entry = bytes.readUInt32LE(end + 16);
  if (count === 0xffff || entry === 0xffffffff) {
    throw brokenWeights(file, "archives larger than 4 GB are not supported");
  }
  const members = new Map<string, Buffer>();
  for (let i = 0; i < count; i++) {
    if (bytes.readUInt32LE(entry) !== 0x02014b50)
      throw brokenWeights(file, "its table of contents is damaged");
    if (bytes.readUInt16LE(entry + 10) !== 0) throw brokenWeights(file, "its content is compressed");
    const size = bytes.readUInt32LE(entry + 24);
    const nameLength = bytes.readUInt16LE(entry + 28);
    const name = bytes.toString("utf8", entry + 46, entry + 46 + nameLength);
    const header = bytes.readUInt32LE(entry + 42);
    const content = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    if (content + size > bytes.length) throw brokenWeights(file, "it ends too early");
    members.set(name, bytes.subarray(content, content + size));
    entry += 46 + nameLength + bytes.readUInt16LE(entry + 30) + bytes.readUInt16LE(entry + 32);
  }
  return members;
}
