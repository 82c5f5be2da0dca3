import { brokenWeights, unsuitableWeights } from "./broken-weights";
import { crc32 } from "./crc32";

interface Member {
  bytes: Uint8Array;
  checksum: number;
  /** 0: stored as it is. */
  compression: number;
}

/** The members of a zip archive, found by name. */
export class StoredZip {
  private readonly members = new Map<string, Member>();

  /**
   * Finds the members of a zip archive whose content is stored without compression, as `torch.save` stores it.
   *
   * A stored member is a plain run of bytes, so that a zip library would only add a dependency. Layout: APPNOTE.TXT 6.3,
   * sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.14 to 4.3.16 (its end), 4.5.3 (zip64).
   * @throws UserError when the archive is damaged or cut short
   */
  constructor(
    private readonly file: string,
    private readonly bytes: Uint8Array,
  ) {
    try {
      this.readDirectory(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    } catch (error) {
      // A DataView throws a RangeError past the end of the file.
      if (error instanceof RangeError) throw brokenWeights(file, "it ends too early");
      throw error;
    }
  }

  get names(): string[] {
    return [...this.members.keys()];
  }

  /**
   * The bytes of a member, as a view; undefined where there is none of this name.
   * @throws UserError when they are compressed, and when they don't match their checksum
   */
  read(name: string): Uint8Array | undefined {
    const member = this.members.get(name);
    if (member && member.compression !== 0) {
      throw unsuitableWeights(
        this.file,
        `its part ${name} is compressed, which torch.save never does`,
        "Pack it without compression, or save it with torch.save.",
      );
    }
    // PyTorch writes 0 where it was told to leave checksums out.
    if (member && member.checksum !== 0 && crc32(member.bytes) !== member.checksum) {
      throw brokenWeights(this.file, `its part ${name} doesn't match its checksum`);
    }
    return member?.bytes;
  }

  private readDirectory(view: DataView): void {
    let { count, entry } = this.directoryPlace(view);
    for (; count > 0; count--) {
      if (view.getUint32(entry, true) !== 0x02014b50) {
        throw brokenWeights(this.file, "its table of contents is damaged");
      }
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((at) =>
        view.getUint16(entry + at, true),
      ) as [number, number, number];
      const nameEnd = entry + 46 + nameLength;
      const name = new TextDecoder().decode(this.bytes.subarray(entry + 46, nameEnd));
      const [size, header] = sizeAndPlace(view, entry, nameEnd, nameEnd + extraLength);
      const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
      if (start + size > this.bytes.length) throw brokenWeights(this.file, "it ends too early");
      const checksum = view.getUint32(entry + 16, true);
      const compression = view.getUint16(entry + 10, true);
      this.members.set(name, { bytes: this.bytes.subarray(start, start + size), checksum, compression });
      entry = nameEnd + extraLength + commentLength;
    }
  }

  /** How many entries the central directory has, and where the first is. */
  private directoryPlace(view: DataView): { count: number; entry: number } {
    let end = this.bytes.length - 22;
    // The last field is the length of a comment, which ends the file.
    const earliest = Math.max(0, end - 0xffff);
    while (end >= earliest && view.getUint32(end, true) !== 0x06054b50) end--;
    if (end < earliest || end + 22 + view.getUint16(end + 20, true) > this.bytes.length) {
      throw brokenWeights(this.file, "it ends too early");
    }
    const count = view.getUint16(end + 10, true);
    const entry = view.getUint32(end + 16, true);
    if (count !== 0xffff && entry !== 0xffffffff) return { count, entry };
    if (view.getUint32(end - 20, true) !== 0x07064b50) {
      throw brokenWeights(this.file, "its table of contents is damaged");
    }
    const large = large64(view, end - 20 + 8);
    return { count: large64(view, large + 32), entry: large64(view, large + 48) };
  }
}

/** Bytes that a member takes in the archive and place of its header; where 32 bits don't hold them, they stand in the extra field of zip64. */
function sizeAndPlace(view: DataView, entry: number, extra: number, extraEnd: number): [number, number] {
  const fields = [24, 20, 42].map((at) => view.getUint32(entry + at, true));
  for (let at = extra; at + 4 <= extraEnd; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let value = at + 4;
    for (const [i, field] of fields.entries()) {
      if (field !== 0xffffffff) continue;
      fields[i] = large64(view, value);
      value += 8;
    }
  }
  return [fields[1] as number, fields[2] as number];
}

const large64 = (view: DataView, at: number) => Number(view.getBigUint64(at, true));
