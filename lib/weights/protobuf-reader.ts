import { brokenWeights } from "./broken-weights";
import { type ByteSource, readBytes } from "./byte-source";

/** One field of a protobuf message. */
export interface ProtobufField {
  number: number;
  /** A whole number, or 4 or 8 bytes of it; for a run of bytes, undefined. */
  value?: bigint;
  /** Where its run of bytes lies: a text, packed numbers, or a message in it. */
  start: number;
  end: number;
}

const windowBytes = 2 ** 16;

/**
 * Steps through messages of Google's protocol buffers (https://protobuf.dev/programming-guides/encoding) without reading
 * what is stepped over, so that a file of any size takes little memory.
 */
export class ProtobufReader {
  private window: Uint8Array = new Uint8Array(0);
  private windowStart = 0;

  constructor(
    private readonly file: string,
    private readonly source: ByteSource,
  ) {}

  /**
   * The fields of the message between two places.
   * @throws UserError when it is damaged, or reaches past its end
   */
  *fields(start: number, end: number): Generator<ProtobufField> {
    for (let at = start; at < end; ) {
      const tag = this.varint(at, end);
      const number = Number(tag.value >> 3n);
      const kind = Number(tag.value & 7n);
      if (number === 0) throw this.damaged();
      let field: ProtobufField;
      if (kind === 0) {
        const { value, next } = this.varint(tag.next, end);
        field = { number, value, start: tag.next, end: next };
      } else if (kind === 2) {
        const length = this.varint(tag.next, end);
        if (length.value > BigInt(end - length.next)) throw this.damaged();
        field = { number, start: length.next, end: length.next + Number(length.value) };
      } else if (kind === 1 || kind === 5) {
        const last = tag.next + (kind === 1 ? 8 : 4);
        if (last > end) throw this.damaged();
        field = { number, value: this.fixed(tag.next, last), start: tag.next, end: last };
      } else throw this.damaged();
      at = field.end;
      yield field;
    }
  }

  /** The whole numbers of a repeated field: one, or many packed into a run of bytes. */
  *wholeNumbers({ value, start, end }: ProtobufField): Generator<bigint> {
    if (value !== undefined) yield value;
    else
      for (let at = start; at < end; ) {
        const { value: each, next } = this.varint(at, end);
        at = next;
        yield each;
      }
  }

  /** The bytes of a field, an array of their own. */
  bytes({ start, end }: ProtobufField): Uint8Array {
    return readBytes(this.source, start, end - start);
  }

  text(field: ProtobufField): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  private varint(start: number, end: number): { value: bigint; next: number } {
    let value = 0n;
    for (let i = 0; i < 10; i++) {
      if (start + i >= end) throw this.damaged();
      const byte = this.byte(start + i);
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return { value: BigInt.asUintN(64, value), next: start + i + 1 };
    }
    throw this.damaged();
  }

  private fixed(start: number, end: number): bigint {
    let value = 0n;
    for (let at = end - 1; at >= start; at--) value = (value << 8n) | BigInt(this.byte(at));
    return value;
  }

  private byte(at: number): number {
    if (at < this.windowStart || at >= this.windowStart + this.window.length) {
      this.window = readBytes(this.source, at, windowBytes);
      this.windowStart = at;
    }
    return this.window[at - this.windowStart] as number;
  }

  private damaged() {
    return brokenWeights(this.file, "it is not well formed as a protocol buffer");
  }
}
