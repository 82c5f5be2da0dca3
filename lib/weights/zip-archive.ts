import { brokenWeights, unsuitableWeights } from "./broken-weights";
import { type ByteSource, readBytes, sourceOfBytes } from "./byte-source";
import { crc32 } from "./crc32";
import { MemoryBudget } from "./memory-budget";

interface Member {
  /** Where its local header begins. */
  header: number;
  /** Bytes that it takes in the archive. */
  size: number;
  /** Bytes that it has once it is unpacked. */
  unpackedSize: number;
  checksum: number;
  /** 0: stored as it is, 8: deflated. */
  compression: number;
}

/** Unpacks deflated bytes (RFC 1951); throws where they are damaged, or more than `size` come out. */
export type Inflate = (bytes: Uint8Array, size: number) => Uint8Array;

const endBytes = 22;
const locatorBytes = 20;

/** The members of a zip archive, found by name and read one by one. */
export class ZipArchive {
  private readonly members = new Map<string, Member>();

  /**
   * Finds the members of a zip archive. Layout: APPNOTE.TXT 6.3, sections 4.3.7 (local header), 4.3.12 (central
   * directory), 4.3.14 to 4.3.16 (its end), 4.5.3 (zip64).
   * @param inflate without it, only members that are stored as they are can be read, as `torch.save` stores them
   * @throws UserError when the archive is damaged or cut short
   */
  constructor(
    private readonly file: string,
    private readonly source: ByteSource,
    private readonly inflate?: Inflate,
  ) {
    this.attempt(() => this.readDirectory());
  }

  get names(): string[] {
    return [...this.members.keys()];
  }

  /**
   * The bytes of a member, an array of their own; undefined where there is none of this name.
   * @throws UserError when they are compressed in a way that is not read, and when they don't match their checksum
   */
  read(name: string): Uint8Array | undefined {
    const member = this.members.get(name);
    if (!member) return undefined;
    const bytes = this.attempt(() => this.unpack(name, member));
    // PyTorch writes 0 where it was told to leave checksums out.
    if (member.checksum !== 0 && crc32(bytes) !== member.checksum) throw this.spoilt(name);
    return bytes;
  }

  /**
   * A member to be read piece by piece; one that is stored as it is takes no memory.
   * @throws UserError as {@link read}
   */
  open(name: string): ByteSource | undefined {
    const member = this.members.get(name);
    if (member?.compression !== 0) {
      const bytes = this.read(name);
      return bytes && sourceOfBytes(bytes);
    }
    const start = this.attempt(() => this.startOf(member));
    const read = (at: number, target: Uint8Array) => this.source.read(start + at, target);
    const source = { length: member.size, read };
    if (member.checksum !== 0 && checksumOf(source) !== member.checksum) throw this.spoilt(name);
    return source;
  }

  /** Where its bytes begin, all of which are there. */
  private startOf({ header, size }: Member): number {
    const local = this.viewOf(header, 30);
    const start = header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    if (start + size > this.source.length) throw brokenWeights(this.file, "it ends too early");
    return start;
  }

  private spoilt(name: string): Error {
    return brokenWeights(this.file, `its part ${name} doesn't match its checksum`);
  }

  private unpack(name: string, member: Member): Uint8Array {
    const { size, unpackedSize, compression } = member;
    const start = this.startOf(member);
    if (compression === 0) return readBytes(this.source, start, size);
    if (compression === 8 && this.inflate) {
      new MemoryBudget(this.file, size).take(name, unpackedSize);
      const packed = readBytes(this.source, start, size);
      let bytes: Uint8Array | undefined;
      try {
        bytes = this.inflate(packed, unpackedSize);
      } catch {
        // Damaged, or longer than it says.
      }
      if (bytes?.length === unpackedSize) return bytes;
      throw brokenWeights(this.file, `its part ${name} can't be unpacked`);
    }
    throw unsuitableWeights(
      this.file,
      `its part ${name} is compressed${this.inflate ? " in a rare way" : ", which torch.save never does"}`,
      "Pack it without compression, or save it anew.",
    );
  }

  private readDirectory(): void {
    const { count, start, end } = this.directoryPlace();
    const view = this.viewOf(start, end - start);
    for (let left = count, entry = 0; left > 0; left--) {
      if (view.getUint32(entry, true) !== 0x02014b50)
        throw brokenWeights(this.file, "its table of contents is damaged");
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((at) =>
        view.getUint16(entry + at, true),
      ) as [number, number, number];
      const nameEnd = entry + 46 + nameLength;
      const nameBytes = new Uint8Array(view.buffer).subarray(entry + 46, nameEnd);
      const [unpackedSize, size, header] = sizesAndPlace(view, entry, nameEnd, nameEnd + extraLength);
      const checksum = view.getUint32(entry + 16, true);
      const compression = view.getUint16(entry + 10, true);
      const name = new TextDecoder().decode(nameBytes);
      this.members.set(name, { header, size, unpackedSize, checksum, compression });
      entry = nameEnd + extraLength + commentLength;
    }
  }

  /** How many entries the central directory has, where the first begins, and before where the last ends. */
  private directoryPlace(): { count: number; start: number; end: number } {
    // The last field is the length of a comment, which ends the file.
    const tailStart = Math.max(0, this.source.length - endBytes - 0xffff - locatorBytes);
    const tail = this.viewOf(tailStart, this.source.length - tailStart);
    let at = tail.byteLength - endBytes;
    while (at >= 0 && tail.getUint32(at, true) !== 0x06054b50) at--;
    if (at < 0 || at + endBytes + tail.getUint16(at + 20, true) > tail.byteLength)
      throw brokenWeights(this.file, "it ends too early");
    const end = tailStart + at;
    const count = tail.getUint16(at + 10, true);
    const start = tail.getUint32(at + 16, true);
    if (count !== 0xffff && start !== 0xffffffff) return { count, start, end };
    if (tail.getUint32(at - locatorBytes, true) !== 0x07064b50)
      throw brokenWeights(this.file, "its table of contents is damaged");
    const large = this.viewOf(large64(tail, at - locatorBytes + 8), 56);
    return { count: large64(large, 32), start: large64(large, 48), end };
  }

  /** So many bytes as a view; past the end of the file there are none, and reading there throws a RangeError. */
  private viewOf(start: number, length: number): DataView {
    if (start < 0 || length < 0 || start > this.source.length) throw new RangeError("outside the file");
    return new DataView(readBytes(this.source, start, length).buffer);
  }

  private attempt<Value>(action: () => Value): Value {
    try {
      return action();
    } catch (error) {
      // A DataView throws a RangeError past its end.
      if (error instanceof RangeError) throw brokenWeights(this.file, "it ends too early");
      throw error;
    }
  }
}

const partBytes = 2 ** 23;

function checksumOf(source: ByteSource): number {
  let checksum = 0;
  for (let at = 0; at < source.length; at += partBytes)
    checksum = crc32(readBytes(source, at, partBytes), checksum);
  return checksum;
}

/** Bytes that a member has, bytes that it takes in the archive, and place of its header; where 32 bits don't hold them, they stand in the extra field of zip64. */
function sizesAndPlace(
  view: DataView,
  entry: number,
  extra: number,
  extraEnd: number,
): [number, number, number] {
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
  return fields as [number, number, number];
}

const large64 = (view: DataView, at: number) => Number(view.getBigUint64(at, true));
