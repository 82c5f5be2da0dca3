/**
 * Encoding of protocol buffers (https://protobuf.dev/programming-guides/encoding/), as far as TensorFlow's
 * graph files need it: a message is a sequence of fields, each with its number and its wire type before it.
 */

const varintField = 0;
const lengthField = 2;
const fixed32Field = 5;

/** A whole number, seven bits a byte, lowest first; negative ones as their 64-bit two's complement. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest ? low | 128 : low);
  } while (rest);
  return Uint8Array.from(bytes);
}

/** A field that holds a whole number, a truth value or a member of an enumeration. */
export function integerField(field: number, value: number): Uint8Array {
  return joinBytes([fieldKey(field, varintField), varint(value)]);
}

/** A field that holds a single-precision number. */
export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joinBytes([fieldKey(field, fixed32Field), bytes]);
}

/** A field that holds a text (UTF-8), bytes, or another message given as its parts. */
export function bytesField(field: number, content: string | Uint8Array | Uint8Array[]): Uint8Array {
  const parts = Array.isArray(content)
    ? content
    : [typeof content === "string" ? new TextEncoder().encode(content) : content];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return joinBytes([fieldKey(field, lengthField), varint(length), ...parts]);
}

/** The bytes of all parts, one after the other. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    joined.set(part, end);
    end += part.length;
  }
  return joined;
}

function fieldKey(field: number, wireType: number): Uint8Array {
  return varint((field << 3) | wireType);
}
