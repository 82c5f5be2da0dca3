import { brokenWeights, unsuitableWeights } from "./broken-weights";
import type { MemoryBudget } from "./memory-budget";
import { bytesPerNumber, type FileType, numbersIn, storedType } from "./number-types";
import type { ProtobufField, ProtobufReader } from "./protobuf-reader";
import type { StoredTensor } from "./stored-tensor";

/** Where numbers lie that stand in another file. */
export interface ExternalPlace {
  location: string;
  offset: number;
  /** Undefined: to the file's end. */
  length: number | undefined;
}

/** A tensor as `TensorProto` describes it; its numbers are still in the file. */
export interface OnnxTensor {
  name: string;
  shape: number[];
  type: FileType;
  /** Its numbers as bytes. */
  raw: ProtobufField[];
  /** Its numbers one by one, as whole numbers. */
  listed: ProtobufField[];
  external: ExternalPlace | undefined;
}

/** `TensorProto.DataType`. */
const types: ReadonlyMap<number, FileType> = new Map([
  [1, "float32"],
  [2, "uint8"],
  [3, "int8"],
  [4, "uint16"],
  [5, "int16"],
  [6, "int32"],
  [7, "int64"],
  [9, "bool"],
  [10, "float16"],
  [11, "float64"],
  [12, "uint32"],
  [13, "uint64"],
  [16, "bfloat16"],
]);

/** The fields of `TensorProto` that are read. */
const Field = {
  dims: 1,
  dataType: 2,
  floatData: 4,
  int32Data: 5,
  int64Data: 7,
  name: 8,
  rawData: 9,
  doubleData: 10,
  uint64Data: 11,
  externalData: 13,
  dataLocation: 14,
} as const;

/**
 * Reads what a tensor is, without its numbers.
 * @returns undefined for texts, which are no weights
 * @throws UserError for a type that has no counterpart in JavaScript
 */
export function describeTensor(
  file: string,
  reader: ProtobufReader,
  message: ProtobufField,
): OnnxTensor | undefined {
  const shape: number[] = [];
  const raw: ProtobufField[] = [];
  const listed: ProtobufField[] = [];
  const place = new Map<string, string>();
  let [name, type, isExternal] = ["", 0, false];
  for (const field of reader.fields(message.start, message.end)) {
    if (field.number === Field.dims) shape.push(...[...reader.wholeNumbers(field)].map(Number));
    else if (field.number === Field.dataType) type = Number(field.value);
    else if (field.number === Field.name) name = reader.text(field);
    else if (field.number === Field.dataLocation) isExternal = field.value === 1n;
    else if (field.number === Field.externalData) place.set(...readEntry(reader, field));
    else if (([Field.floatData, Field.doubleData, Field.rawData] as number[]).includes(field.number))
      raw.push(field);
    else if (([Field.int32Data, Field.int64Data, Field.uint64Data] as number[]).includes(field.number))
      listed.push(field);
  }
  const text = 8;
  if (type === text) return undefined;
  const known = types.get(type);
  if (!known)
    throw unsuitableWeights(
      file,
      `its tensor "${name}" is of the number type ${type} of ONNX, which JavaScript has none of`,
      "Save the model with weights of float32.",
    );
  return { name, shape, type: known, raw, listed, external: isExternal ? externalPlace(place) : undefined };
}

function readEntry(reader: ProtobufReader, message: ProtobufField): [string, string] {
  let [key, value] = ["", ""];
  for (const field of reader.fields(message.start, message.end)) {
    if (field.number === 1) key = reader.text(field);
    if (field.number === 2) value = reader.text(field);
  }
  return [key, value];
}

const externalPlace = (entries: ReadonlyMap<string, string>): ExternalPlace => ({
  location: entries.get("location") ?? "",
  offset: Number(entries.get("offset") ?? 0),
  length: entries.has("length") ? Number(entries.get("length")) : undefined,
});

/**
 * Reads a tensor's numbers.
 * @param readExternal gives so many bytes of another file
 * @throws UserError when there are more or fewer of them than its shape says
 */
export function readTensor(
  file: string,
  reader: ProtobufReader,
  tensor: OnnxTensor,
  budget: MemoryBudget,
  readExternal: (place: ExternalPlace, length: number) => Uint8Array,
): StoredTensor {
  const { name, shape, type, raw, listed, external } = tensor;
  const size = shape.reduce((product, n) => product * n, 1);
  if (!Number.isSafeInteger(size) || shape.some((n) => !Number.isSafeInteger(n) || n < 0))
    throw brokenWeights(file, `its tensor "${name}" has the shape [${shape}]`);
  budget.take(name, size * Math.max(4, bytesPerNumber(type)));
  const length = size * bytesPerNumber(type);
  const wrong = () => brokenWeights(file, `its tensor "${name}" has not the numbers of its shape [${shape}]`);
  let bytes: Uint8Array;
  if (external) bytes = readExternal(external, length);
  else if (listed.length > 0) bytes = listedBytes(reader, type, listed, size) ?? fail(wrong());
  else {
    if (raw.reduce((sum, { start, end }) => sum + end - start, 0) !== length) throw wrong();
    bytes = raw.length === 1 ? reader.bytes(raw[0]!) : concatenated(raw.map((field) => reader.bytes(field)));
  }
  return { shape, dtype: storedType(type), data: numbersIn(type, bytes.buffer as ArrayBuffer) };
}

/** Whole numbers that stand one by one; half precision stands as its bits. Undefined unless they are so many. */
function listedBytes(
  reader: ProtobufReader,
  type: FileType,
  fields: readonly ProtobufField[],
  size: number,
): Uint8Array | undefined {
  const width = bytesPerNumber(type);
  const bytes = new Uint8Array(size * width);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const field of fields)
    for (const value of reader.wholeNumbers(field)) {
      if (at === bytes.length) return undefined;
      if (width === 8) view.setBigUint64(at, value, true);
      else if (width === 4) view.setUint32(at, Number(BigInt.asUintN(32, value)), true);
      else if (width === 2) view.setUint16(at, Number(BigInt.asUintN(16, value)), true);
      else view.setUint8(at, Number(BigInt.asUintN(8, value)));
      at += width;
    }
  return at === bytes.length ? bytes : undefined;
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function fail(error: Error): never {
  throw error;
}
