import { UserError } from "../../runtime/user-error";

/** Unpacks what zlib packed (RFC 1950); throws where it is damaged. */
export type InflateZlib = (bytes: Uint8Array) => Uint8Array;

/** A variable of a MATLAB file: numbers or texts, column by column. */
export type MatlabValue = number[] | string[];

/** Kinds of elements that are read (MAT-File Format, level 5, table 1-1). */
const Kind = {
  int8: 1,
  uint8: 2,
  int16: 3,
  uint16: 4,
  int32: 5,
  uint32: 6,
  single: 7,
  double: 9,
  matrix: 14,
  packed: 15,
  utf8: 16,
  utf16: 17,
};
/** Classes of arrays that are read (table 1-3): the numeric ones are 6 to 15. */
const Class = { cell: 1, text: 4, firstNumeric: 6, lastNumeric: 15 };

/** Cells of texts are all that published lists hold. */
const deepest = 3;

interface Element {
  kind: number;
  start: number;
  end: number;
  /** Where the next one begins. */
  next: number;
}

/**
 * The variables of a MATLAB file of level 5 (from version 5 to 7), as published sets keep their lists in: arrays of numbers,
 * texts, and cells of texts. Others are left out.
 * @param origin the file's name, for error messages
 * @throws UserError when it is damaged or of another kind
 */
export function parseMatlab(
  bytes: Uint8Array,
  origin: string,
  inflate: InflateZlib,
): Map<string, MatlabValue> {
  const result = new Map<string, MatlabValue>();
  try {
    const reader = new MatlabReader(bytes);
    if (reader.endian !== "IM") throw new Error("no MATLAB file of level 5");
    for (const element of reader.elements(128, bytes.length)) {
      const inner =
        element.kind === Kind.packed ? inflate(bytes.subarray(element.start, element.end)) : undefined;
      const own = inner ? new MatlabReader(inner) : reader;
      const [matrix] = inner ? own.elements(0, inner.length) : [element];
      const read = matrix?.kind === Kind.matrix ? own.matrix(matrix, 0) : undefined;
      if (read?.value) result.set(read.name, read.value);
    }
  } catch {
    throw new UserError(`${origin} can't be read as a MATLAB file of versions 5 to 7. Download it again.`);
  }
  return result;
}

/** @throws UserError where there are no numbers of this name */
export function numbersOf(content: ReadonlyMap<string, MatlabValue>, name: string, origin: string): number[] {
  const value = content.get(name);
  if (value?.every((each) => typeof each === "number")) return value as number[];
  throw new UserError(`${origin} has no numbers called "${name}". Download it again.`);
}

/** @throws UserError where there are no texts of this name */
export function textsOf(content: ReadonlyMap<string, MatlabValue>, name: string, origin: string): string[] {
  const value = content.get(name);
  if (value?.every((each) => typeof each === "string")) return value as string[];
  throw new UserError(`${origin} has no texts called "${name}". Download it again.`);
}

class MatlabReader {
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Written as a number: "IM" where it is little-endian. */
  get endian(): string {
    return this.latin(126, 128);
  }

  elements(start: number, end: number): Element[] {
    const result: Element[] = [];
    for (let at = start; at + 8 <= end; at = result.at(-1)!.next) result.push(this.element(at));
    return result;
  }

  matrix({ start, end }: Element, depth: number): { name: string; value: MatlabValue | undefined } {
    const [flags, , name, ...content] = this.elements(start, end) as [
      Element,
      Element,
      Element,
      ...Element[],
    ];
    const type = this.view.getUint8(flags.start);
    const value = this.valueOf(type, content, depth);
    return { name: this.latin(name.start, name.end), value };
  }

  private valueOf(type: number, content: readonly Element[], depth: number): MatlabValue | undefined {
    const [first] = content;
    if (type === Class.cell && depth < deepest)
      return content.flatMap((each) => (this.matrix(each, depth + 1).value ?? [""]).slice(0, 1) as string[]);
    if (type === Class.text) return [first ? this.text(first) : ""];
    if (type >= Class.firstNumeric && type <= Class.lastNumeric) return first ? this.numbers(first) : [];
    return undefined;
  }

  /** Up to four bytes stand in the tag itself; the others begin after it, at a multiple of eight bytes. */
  private element(at: number): Element {
    const [tag, length] = [this.view.getUint32(at, true), this.view.getUint32(at + 4, true)];
    const small = tag >>> 16;
    if (small > 0)
      return { kind: tag & 0xffff, start: at + 4, end: at + 4 + Math.min(4, small), next: at + 8 };
    const [start, end] = [at + 8, at + 8 + length];
    if (end > this.bytes.length) throw new RangeError("cut short");
    return { kind: tag, start, end, next: tag === Kind.packed ? end : Math.ceil((end - at) / 8) * 8 + at };
  }

  private numbers({ kind, start, end }: Element): number[] {
    const readers: Record<number, [size: number, read: (at: number) => number]> = {
      [Kind.int8]: [1, (at) => this.view.getInt8(at)],
      [Kind.uint8]: [1, (at) => this.view.getUint8(at)],
      [Kind.int16]: [2, (at) => this.view.getInt16(at, true)],
      [Kind.uint16]: [2, (at) => this.view.getUint16(at, true)],
      [Kind.int32]: [4, (at) => this.view.getInt32(at, true)],
      [Kind.uint32]: [4, (at) => this.view.getUint32(at, true)],
      [Kind.single]: [4, (at) => this.view.getFloat32(at, true)],
      [Kind.double]: [8, (at) => this.view.getFloat64(at, true)],
    };
    const [size, read] = readers[kind]!;
    return Array.from({ length: (end - start) / size }, (_, i) => read(start + i * size));
  }

  private text({ kind, start, end }: Element): string {
    if (kind === Kind.uint16 || kind === Kind.utf16)
      return new TextDecoder("utf-16le").decode(this.bytes.subarray(start, end));
    return new TextDecoder().decode(this.bytes.subarray(start, end));
  }

  private latin(start: number, end: number): string {
    return String.fromCharCode(...this.bytes.subarray(start, end));
  }
}
