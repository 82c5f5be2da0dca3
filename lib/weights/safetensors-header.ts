import { brokenWeights, unsuitableWeights } from "./broken-weights";
import { bytesPerNumber, type FileType } from "./number-types";

/** Where a tensor of a safetensors file lies, and what it is. */
export interface SafetensorsEntry {
  name: string;
  type: FileType;
  shape: number[];
  /** Its first byte and the byte after its last, counted from the header's end. */
  start: number;
  end: number;
}

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  entries: SafetensorsEntry[];
  metadata: Record<string, string>;
}

/** The limit that the format itself sets, against files that would fill the memory. */
export const maximalHeaderBytes = 100_000_000;

const types: ReadonlyMap<string, FileType> = new Map([
  ["F64", "float64"],
  ["F32", "float32"],
  ["F16", "float16"],
  ["BF16", "bfloat16"],
  ["I64", "int64"],
  ["I32", "int32"],
  ["I16", "int16"],
  ["I8", "int8"],
  ["U64", "uint64"],
  ["U32", "uint32"],
  ["U16", "uint16"],
  ["U8", "uint8"],
  ["BOOL", "bool"],
]);

/** The format's name of a type. */
export function safetensorsType(type: FileType): string {
  return [...types].find(([, each]) => each === type)![0];
}

/**
 * Reads a header and checks all that the format promises: types, shapes that match their bytes, no key twice, and tensors
 * that cover the numbers without a hole or an overlap.
 * @param json the header's bytes
 * @param numberBytes how many bytes follow the header
 * @throws UserError when the header is damaged, or a type has no counterpart in JavaScript
 */
export function parseSafetensorsHeader(
  file: string,
  json: Uint8Array,
  numberBytes: number,
): SafetensorsHeader {
  const damaged = (why: string) => brokenWeights(file, `its header is damaged: ${why}`);
  let header: unknown;
  let twice: string | undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(json);
    header = JSON.parse(text);
    twice = findRepeatedKey(text);
  } catch {
    throw damaged("it is no JSON");
  }
  if (!isObject(header)) throw damaged("it is no object of JSON");
  if (twice !== undefined) throw damaged(`it has "${twice}" twice`);
  const { __metadata__: metadata = {}, ...described } = header;
  if (!isObject(metadata) || Object.values(metadata).some((value) => typeof value !== "string")) {
    throw damaged("its metadata are no texts");
  }
  const entries = Object.entries(described).map(([name, value]) => readEntry(file, name, value, damaged));
  entries.sort((one, other) => one.start - other.start || one.end - other.end);
  let covered = 0;
  for (const { name, start, end } of entries) {
    if (start !== covered) throw damaged(`"${name}" begins at byte ${start}, not at ${covered}`);
    covered = end;
  }
  if (covered !== numberBytes) {
    throw brokenWeights(
      file,
      covered > numberBytes ? "it ends too early" : "it is longer than its header says",
    );
  }
  return { entries, metadata: metadata as Record<string, string> };
}

function readEntry(
  file: string,
  name: string,
  value: unknown,
  damaged: (why: string) => Error,
): SafetensorsEntry {
  const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : {};
  if (typeof dtype !== "string" || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw damaged(`"${name}" is not described as a tensor`);
  }
  const type = types.get(dtype);
  if (!type) {
    throw unsuitableWeights(
      file,
      `its tensor "${name}" holds numbers of the type ${dtype}, which JavaScript has none of`,
      "Save it as F32.",
    );
  }
  const [start, end] = offsets as [number, number];
  if (end - start !== shape.reduce((product, n) => product * n, bytesPerNumber(type))) {
    throw damaged(`"${name}" has ${end - start} bytes, which a ${dtype} [${shape}] has not`);
  }
  return { name, type, shape, start, end };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/** A key that an object of a JSON text has twice, of which `JSON.parse` keeps the last without a word. */
function findRepeatedKey(json: string): string | undefined {
  const objects: Set<string>[] = [];
  for (const [token, text, colon] of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g)) {
    if (token === "{") objects.push(new Set());
    else if (token === "}") objects.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(text as string) as string;
      const keys = objects.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}
