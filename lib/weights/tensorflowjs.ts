import { brokenWeights, unsuitableWeights } from "./broken-weights";
import type { ByteSource } from "./byte-source";
import type { MemoryBudget } from "./memory-budget";
import { bytesPerNumber, type FileType, numbersIn, type StoredData, storedType } from "./number-types";
import type { StoredTensor } from "./stored-tensor";

/** A tensor as a TensorFlow.js model describes it. */
interface WeightEntry {
  name: string;
  shape: number[];
  dtype: string;
  quantization?: Quantization;
}

interface Quantization {
  dtype: string;
  /** Where they are missing the numbers are of half precision. */
  scale?: number;
  min?: number;
}

/** Tensors that stand one after the other in a row of files. */
export interface WeightGroup {
  paths: string[];
  weights: WeightEntry[];
}

/** What a `model.json` of TensorFlow.js says of its weights. */
export interface TensorflowjsModel {
  kind: "layers" | "graph";
  groups: WeightGroup[];
}

const types: ReadonlyMap<string, FileType> = new Map([
  ["float32", "float32"],
  ["float16", "float16"],
  ["bfloat16", "bfloat16"],
  ["int32", "int32"],
  ["uint16", "uint16"],
  ["uint8", "uint8"],
  ["bool", "bool"],
]);

/**
 * Reads the list of weights of a TensorFlow.js model (layers or graph), as `model.save` and the converter write it.
 * @param json what `model.json` holds, parsed
 * @throws UserError when it is not of this form
 */
export function parseTensorflowjsModel(file: string, json: object): TensorflowjsModel {
  const { weightsManifest, format, modelTopology } = json as Record<string, unknown>;
  if (!Array.isArray(weightsManifest) || !weightsManifest.every(isGroup))
    throw brokenWeights(file, "its weightsManifest is not that of a TensorFlow.js model");
  const topology = Object(modelTopology) as Record<string, unknown>;
  const graph = format === "graph-model" || (format === undefined && Array.isArray(topology.node));
  return { kind: graph ? "graph" : "layers", groups: weightsManifest };
}

/**
 * The tensors of one group. Quantised ones are multiplied out to what they stand for: `number · scale + min`, in float32
 * (whole numbers are rounded); half precision becomes float32.
 * @param source the group's files, one after the other
 * @throws UserError when the files are shorter or longer than what is described, or a type has no counterpart here
 */
export function readWeightGroup(
  file: string,
  { weights }: WeightGroup,
  source: ByteSource,
  budget: MemoryBudget,
): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  let position = 0;
  for (const entry of weights) {
    const { name, shape } = entry;
    const stored = fileTypeOf(file, entry);
    const size = shape.reduce((product, n) => product * n, 1);
    const length = size * bytesPerNumber(stored);
    // So that a size that is no number is refused as well.
    if (!(position + length <= source.length))
      throw brokenWeights(file, `the files of its weights end before its tensor "${name}" does`);
    budget.take(name, 4 * size);
    const bytes = new Uint8Array(length);
    source.read(position, bytes);
    position += length;
    const numbers = numbersIn(stored, bytes.buffer);
    const data = multipliedOut(entry, numbers);
    if (tensors.has(name)) throw brokenWeights(file, `it has the tensor "${name}" twice`);
    tensors.set(name, { shape, dtype: dtypeOf(entry, stored), data });
  }
  if (position !== source.length)
    throw brokenWeights(file, "the files of its weights are longer than it says");
  return tensors;
}

function fileTypeOf(file: string, { name, dtype, quantization }: WeightEntry): FileType {
  const stored = types.get(quantization?.dtype ?? dtype);
  const whole = quantization ? ["float32", "int32"].includes(dtype) : stored !== undefined;
  if (stored && whole) return stored;
  throw unsuitableWeights(
    file,
    `its tensor "${name}" is of the type ${quantization ? `${dtype} in ${quantization.dtype}` : dtype}, which is not read here`,
    "Convert the model with weights of float32.",
  );
}

const dtypeOf = ({ dtype, quantization }: WeightEntry, stored: FileType) =>
  quantization ? (dtype === "int32" ? "int32" : "float32") : storedType(stored);

/** The numbers that quantised ones stand for. */
function multipliedOut({ dtype, quantization }: WeightEntry, numbers: StoredData): StoredData {
  if (!quantization) return numbers;
  const { scale = 1, min = 0 } = quantization;
  const whole = dtype === "int32";
  const result = whole ? new Int32Array(numbers.length) : new Float32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const value = (numbers[i] as number) * scale + min;
    result[i] = whole ? Math.round(value) : value;
  }
  return result;
}

function isGroup(value: unknown): value is WeightGroup {
  const { paths, weights } = Object(value) as Record<string, unknown>;
  return (
    Array.isArray(paths) &&
    paths.every((path) => typeof path === "string" && path !== "") &&
    Array.isArray(weights) &&
    weights.every(isEntry)
  );
}

function isEntry(value: unknown): value is WeightEntry {
  const { name, shape, dtype, quantization } = Object(value) as Record<string, unknown>;
  const sound = typeof name === "string" && typeof dtype === "string" && Array.isArray(shape);
  const sizes = sound && shape.every((n) => Number.isSafeInteger(n) && n >= 0);
  return sizes && (quantization === undefined || isQuantization(quantization));
}

function isQuantization(value: unknown): value is Quantization {
  const { dtype, scale, min } = Object(value) as Record<string, unknown>;
  const half = dtype === "float16" && scale === undefined && min === undefined;
  return half || (typeof dtype === "string" && Number.isFinite(scale) && Number.isFinite(min));
}
