import { sha256 } from "../runtime/sha256";
import { UserError } from "../runtime/user-error";
import { brokenWeights, unsuitableWeights } from "./broken-weights";
import { type ByteSource, sourceOfBytes } from "./byte-source";
import {
  bytesPerNumber,
  decodeNumbers,
  newNumbers,
  type StoredData,
  storedType,
  typeOfNumbers,
} from "./number-types";
import {
  maximalHeaderBytes,
  parseSafetensorsHeader,
  type SafetensorsEntry,
  type SafetensorsHeader,
  safetensorsType,
} from "./safetensors-header";
import type { StoredTensor } from "./stored-tensor";

/** Tensors by name, as they are written: the type of the numbers is that of the array. */
export type TensorsToWrite = Record<string, { shape: readonly number[]; data: StoredData }>;

const lengthBytes = 8;
/** Numbers are read, written and hashed in parts of this many bytes, so that a set may be larger than any buffer. */
const partBytes = 2 ** 26;
/** The key, among the metadata, of the digest over what is described and the digests of all parts. */
const digestKey = "sha256_of_parts";

/**
 * Encodes tensors in the safetensors format (https://huggingface.co/docs/safetensors): eight bytes with the
 * length of a JSON header, the header, the numbers. Python's `safetensors` reads it as it is.
 *
 * The header's metadata carry a SHA-256 of names, shapes, numbers and other metadata, so that a reader notices a damaged
 * file.
 * @param metadata what else the header says, texts by name
 * @returns the file's bytes in parts: the header, then views of the tensors' numbers, nothing of which is copied
 * @throws UserError for what could not be read again: numbers that don't fill their shape, names that the format keeps
 */
export function safetensorsParts(
  tensors: TensorsToWrite,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const entries: [string, object][] = [];
  const numbers: Uint8Array[] = [];
  let offset = 0;
  requireWritable(tensors, metadata);
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const dtype = safetensorsType(typeOfNumbers(data));
    entries.push([name, { dtype, shape, data_offsets: [offset, offset + data.byteLength] }]);
    for (let at = 0; at < data.byteLength; at += partBytes) {
      const length = Math.min(partBytes, data.byteLength - at);
      numbers.push(new Uint8Array(data.buffer, data.byteOffset + at, length));
    }
    offset += data.byteLength;
  }
  const described = Object.fromEntries(entries);
  const digest = digestOf(JSON.stringify(described), metadata, numbers.map(sha256));
  const text = new TextEncoder().encode(
    JSON.stringify({ __metadata__: { ...metadata, [digestKey]: digest }, ...described }),
  );
  // Padded, so that the numbers begin at a multiple of eight bytes, as the format recommends.
  const header = new Uint8Array(lengthBytes + Math.ceil(text.length / 8) * 8).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - lengthBytes), true);
  header.set(text, lengthBytes);
  return [header, ...numbers];
}

/**
 * Encodes tensors in the safetensors format (https://huggingface.co/docs/safetensors), in one array, with a SHA-256 of
 * all that the file holds among its metadata. Python's `safetensors` reads it as it is.
 * @param metadata what else the header says, texts by name
 * @returns the bytes of a file; they fit into one array, so a set of more than about 4 GB does not
 */
export function encodeSafetensors(
  tensors: TensorsToWrite,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const parts = safetensorsParts(tensors, metadata);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * Reads the bytes of a file in the safetensors format, whoever wrote it. Half precision (F16, BF16) becomes float32, which
 * holds it exactly; all other types stay as they are. Where the file has a digest of ours, it is checked.
 * @param file its name, for error messages
 * @throws UserError when the file is cut short, damaged, no such file, or of a type that JavaScript has none of
 */
export function parseSafetensors(file: string, bytes: Uint8Array): Record<string, StoredTensor> {
  return readSafetensorsFrom(file, sourceOfBytes(bytes)).tensors;
}

/** Writing what no reader takes would lose it. */
function requireWritable(tensors: TensorsToWrite, metadata: Readonly<Record<string, string>>): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    const { shape, data } = tensor ?? {};
    const size = shape?.reduce((product, n) => product * n, 1);
    if (name === "__metadata__" || typeOfNumbers(data) === undefined || data.length !== size)
      throw new UserError(
        `The tensor "${name}" can't be written: it has ${data?.length ?? "no"} numbers for the shape [${shape?.join(", ") ?? ""}]. ` +
          "A tensor is { shape, data } with a typed array that fills its shape, under another name than __metadata__.",
      );
  }
  for (const [name, text] of Object.entries(metadata))
    if (typeof text !== "string" || name === digestKey)
      throw new UserError(
        `The metadata "${name}" can't be written: metadata are texts, and ${digestKey} is the file's own.`,
      );
}

/**
 * As {@link parseSafetensors}, from any source, with no more memory than the tensors take and one part beside.
 * @returns the tensors, the metadata without the digest, and whether the file had a digest of ours
 */
export function readSafetensorsFrom(
  file: string,
  source: ByteSource,
): { tensors: Record<string, StoredTensor>; metadata: Record<string, string>; checked: boolean } {
  const { header, numbersStart } = readHeader(file, source);
  const { [digestKey]: expected, ...metadata } = header.metadata;
  const digests: string[] = [];
  const onPart = expected === undefined ? () => {} : (part: Uint8Array) => digests.push(sha256(part));
  const tensors = header.entries.map((entry): [string, StoredTensor] => {
    const data = readNumbers(file, entry, source, numbersStart, onPart);
    return [entry.name, { shape: entry.shape, dtype: storedType(entry.type), data }];
  });
  if (expected !== undefined && expected !== digestOf(describe(header.entries), metadata, digests)) {
    throw brokenWeights(file, "what it holds doesn't match its digest");
  }
  return { tensors: Object.fromEntries(tensors), metadata, checked: expected !== undefined };
}

function readHeader(file: string, source: ByteSource): { header: SafetensorsHeader; numbersStart: number } {
  if (source.length < lengthBytes) throw brokenWeights(file, "it ends too early");
  const start = new Uint8Array(lengthBytes);
  source.read(0, start);
  const length = Number(new DataView(start.buffer).getBigUint64(0, true));
  const numbersStart = lengthBytes + length;
  if (length > maximalHeaderBytes) throw brokenWeights(file, "it was not written in the safetensors format");
  if (numbersStart > source.length) throw brokenWeights(file, "it ends too early");
  const json = new Uint8Array(length);
  source.read(lengthBytes, json);
  return { header: parseSafetensorsHeader(file, json, source.length - numbersStart), numbersStart };
}

function readNumbers(
  file: string,
  { name, type, start, end }: SafetensorsEntry,
  source: ByteSource,
  numbersStart: number,
  onPart: (part: Uint8Array) => void,
): StoredData {
  const data = allocate(file, name, () => newNumbers(type, (end - start) / bytesPerNumber(type)));
  // Where the numbers stay as they are, they are read straight into their place.
  const direct = storedType(type) === type;
  for (let at = 0; at < end - start; at += partBytes) {
    const length = Math.min(partBytes, end - start - at);
    const part = direct ? new Uint8Array(data.buffer, at, length) : new Uint8Array(length);
    source.read(numbersStart + start + at, part);
    onPart(part);
    if (!direct)
      (data as Float32Array).set(decodeNumbers(type, part) as Float32Array, at / bytesPerNumber(type));
  }
  return data;
}

function allocate(file: string, name: string, make: () => StoredData): StoredData {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unsuitableWeights(
      file,
      `its tensor "${name}" does not fit into this process's memory`,
      "Free some memory, or use a file with smaller tensors.",
    );
  }
}

function digestOf(
  described: string,
  metadata: Readonly<Record<string, string>>,
  partDigests: readonly string[],
): string {
  const more = Object.keys(metadata).length > 0 ? [JSON.stringify(metadata)] : [];
  return sha256([described, ...more, ...partDigests].join("\n"));
}

/** The entries as {@link safetensorsParts} describes them. */
function describe(entries: readonly SafetensorsEntry[]): string {
  const described = entries.map(({ name, type, shape, start, end }) => [
    name,
    { dtype: safetensorsType(type), shape, data_offsets: [start, end] },
  ]);
  return JSON.stringify(Object.fromEntries(described));
}
