const arrays = {
  float64: Float64Array,
  float32: Float32Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint64: BigUint64Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  /** One byte each, 0 or 1. */
  bool: Uint8Array,
} as const;

/** The number types that tensors read from files of weights have here, named as PyTorch names them. */
export type StoredType = keyof typeof arrays;
/** A tensor's numbers, row-major, in the array that is made for their type. */
export type StoredData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | BigUint64Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** The number types that are read from files. Half precision of both kinds becomes float32, which holds each exactly. */
export type FileType = StoredType | "float16" | "bfloat16";

/** The type that numbers of a file have once they are read. */
export function storedType(type: FileType): StoredType {
  return type === "float16" || type === "bfloat16" ? "float32" : type;
}

/** The type of an array's numbers; bytes are whole numbers. */
export function typeOfNumbers(data: StoredData): StoredType {
  // By its name: an array may come from another realm, such as a test's or a worker's.
  const kind = Object.prototype.toString.call(data).slice("[object ".length, -1);
  return (Object.keys(arrays) as StoredType[]).find((type) => arrays[type].name === kind)!;
}

/** Bytes of one number in a file. */
export function bytesPerNumber(type: FileType): number {
  return type === "float16" || type === "bfloat16" ? 2 : arrays[type].BYTES_PER_ELEMENT;
}

/** An array for so many numbers of a file's type, all 0. */
export function newNumbers(type: FileType, length: number): StoredData {
  return new arrays[storedType(type)](length);
}

/** Copies little-endian bytes into an array of numbers (all systems that tfjs runs on are little-endian). */
export function decodeNumbers(type: FileType, bytes: Uint8Array): StoredData {
  return numbersIn(type, new Uint8Array(bytes).buffer);
}

/** The numbers of little-endian bytes that nothing else uses: where they stay as they are, the buffer becomes theirs. */
export function numbersIn(type: FileType, buffer: ArrayBuffer): StoredData {
  if (type !== "float16" && type !== "bfloat16") return new arrays[type](buffer);
  const bits = new Uint16Array(buffer);
  const numbers = new Float32Array(bits.length);
  if (type === "float16") {
    halves ??= Float32Array.from({ length: 2 ** 16 }, (_, each) => float16(each));
    for (let i = 0; i < bits.length; i++) numbers[i] = halves[bits[i]!]!;
  } else {
    // The upper half of a float32.
    const wide = new Uint32Array(numbers.buffer);
    for (let i = 0; i < bits.length; i++) wide[i] = bits[i]! << 16;
  }
  return numbers;
}

/** Every number of half precision, by its bits. */
let halves: Float32Array | undefined;

/** IEEE 754 binary16: one bit of sign, five of exponent, ten of fraction. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
