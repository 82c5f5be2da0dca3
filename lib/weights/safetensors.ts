import { sha256 } from "../runtime/sha256";
import { brokenWeights } from "./broken-weights";

/** What a safetensors file of this library holds: float32 tensors by name. */
export type FloatTensors = Record<string, { shape: number[]; data: Float32Array }>;

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const HEADER_LENGTH_BYTES = 8;

/**
 * Encodes tensors in the safetensors format (https://huggingface.co/docs/safetensors): eight bytes with the
 * length of a JSON header, the header, the numbers. Python's `safetensors` reads it as it is.
 *
 * The header's metadata carry a SHA-256 of names, shapes and numbers, so that a reader notices a damaged file.
 */
export function encodeSafetensors(tensors: FloatTensors): Buffer {
  const entries: Record<string, HeaderEntry> = {};
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    entries[name] = { dtype: "F32", shape, data_offsets: [offset, offset + bytes.length] };
    parts.push(bytes);
    offset += bytes.length;
  }
  const numbers = Buffer.concat(parts);
  const json = JSON.stringify({ __metadata__: { sha256: digestOf(entries, numbers) }, ...entries });
  // Padded, so that the numbers begin at a multiple of eight bytes, as the format recommends.
  const header = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(HEADER_LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, numbers]);
}

/**
 * Reads the bytes of a file written by {@link encodeSafetensors} and checks them against its digest.
 * @param file its name, for error messages
 * @throws UserError when the file is cut short, damaged, or no such file.
 */
export function parseSafetensors(file: string, bytes: Buffer): FloatTensors {
  const header = readHeader(file, bytes);
  const numbers = bytes.subarray(header.end);
  if (header.digest !== digestOf(header.entries, numbers)) {
    throw brokenWeights(file, "what it holds doesn't match its digest");
  }
  const tensors: FloatTensors = {};
  for (const [name, entry] of Object.entries(header.entries)) {
    const [start, end] = entry.data_offsets;
    // A copy: a view of the file's bytes need not begin at a multiple of four.
    const data = new Float32Array(new Uint8Array(numbers.subarray(start, end)).buffer);
    tensors[name] = { shape: entry.shape, data };
  }
  return tensors;
}

function digestOf(entries: Record<string, HeaderEntry>, numbers: Buffer): string {
  return sha256(`${JSON.stringify(entries)} ${sha256(numbers)}`);
}

function readHeader(file: string, bytes: Buffer) {
  try {
    const end = HEADER_LENGTH_BYTES + Number(bytes.readBigUInt64LE());
    const { __metadata__, ...entries } = JSON.parse(bytes.toString("utf8", HEADER_LENGTH_BYTES, end));
    return { end, digest: String(__metadata__.sha256), entries: entries as Record<string, HeaderEntry> };
  } catch {
    throw brokenWeights(file, "its header is damaged");
  }
}
