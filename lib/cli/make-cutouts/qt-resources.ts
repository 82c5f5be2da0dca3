import { inflateSync } from "node:zlib";
import { UserError } from "../../runtime/user-error";

const directoryFlag = 2;
const zlibFlag = 1;
const zstandardFlag = 4;

/**
 * Reads the files of a compiled Qt resource archive (`.rcc`), whole or zlib-compressed ones.
 *
 * The format, after Qt's `rcc.cpp` and `qresource.cpp`, all numbers big-endian: the magic "qres", the version, and
 * the offsets of the tree, the data and the names. A node of the tree is an offset of its name and its flags, then
 * for a folder the number and the index of the first of its children, for a file its language and the offset of
 * its data; from version 2 on a time follows. A name is its length, a hash and UTF-16; data is its length and bytes.
 *
 * @param origin the archive's name, for error messages
 * @returns the contents by path, such as "images/tower.webp"
 * @throws UserError when this is no such archive, or a file in it is compressed by Zstandard
 */
export function readQtResources(bytes: Buffer, origin: string): Map<string, Buffer> {
  if (bytes.toString("latin1", 0, 4) !== "qres") throw new UserError(`${origin} is no Qt resource archive.`);
  const version = bytes.readUInt32BE(4);
  const [tree, data, names] = [bytes.readUInt32BE(8), bytes.readUInt32BE(12), bytes.readUInt32BE(16)];
  const nodeSize = version >= 2 ? 22 : 14;
  const files = new Map<string, Buffer>();

  const walk = (index: number, folder: string): void => {
    const node = tree + index * nodeSize;
    const flags = bytes.readUInt16BE(node + 4);
    // The root's name is empty, and belongs to no path.
    const path = index === 0 ? "" : folder + nameAt(bytes, names + bytes.readUInt32BE(node));
    if (flags & directoryFlag) {
      const children = bytes.readUInt32BE(node + 6);
      const first = bytes.readUInt32BE(node + 10);
      for (let child = 0; child < children; child++) walk(first + child, path === "" ? "" : `${path}/`);
      return;
    }
    if (flags & zstandardFlag) throw new UserError(`${path} of ${origin} is compressed by Zstandard.`);
    const start = data + bytes.readUInt32BE(node + 10);
    const content = bytes.subarray(start + 4, start + 4 + bytes.readUInt32BE(start));
    // Qt's qCompress puts the unpacked length, 4 bytes, before the zlib stream.
    files.set(path, flags & zlibFlag ? inflateSync(content.subarray(4)) : content);
  };
  walk(0, "");
  return files;
}

function nameAt(bytes: Buffer, offset: number): string {
  const letters = bytes.readUInt16BE(offset);
  return Buffer.from(bytes.subarray(offset + 6, offset + 6 + 2 * letters))
    .swap16()
    .toString("utf16le");
}
