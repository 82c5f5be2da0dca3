import { brokenWeights, unsuitableWeights } from "../../weights/broken-weights";
import { type ByteSource, joinSources, readBytes } from "../../weights/byte-source";
import { MemoryBudget } from "../../weights/memory-budget";
import { mayBeOnnx, readOnnxWeights } from "../../weights/onnx";
import { readSafetensorsFrom } from "../../weights/safetensors";
import { maximalHeaderBytes } from "../../weights/safetensors-header";
import { parseShardIndex } from "../../weights/sharded-weights";
import type { StoredTensor } from "../../weights/stored-tensor";
import { parseTensorflowjsModel, readWeightGroup } from "../../weights/tensorflowjs";
import {
  isLegacyTorch,
  isTorchArchive,
  readTorchArchive,
  readTorchWeightsFrom,
} from "../../weights/torch-file";
import { ZipArchive } from "../../weights/zip-archive";
import { openFile } from "../open-file";
import { inflate } from "./inflate";
import { isHdf5, readKerasArchive, readKerasHdf5 } from "./keras-weights";
import { kindOfOtherFile } from "./not-weights";
import { WeightsFiles } from "./weights-files";

/** The formats that weights are read from. Each keeps the axes of kernels in an order of its own. */
export type WeightsFormat =
  | "safetensors"
  | "torch"
  | "tensorflowjs-layers"
  | "tensorflowjs-graph"
  | "keras-h5"
  | "keras"
  | "onnx";

/** What a file of weights holds. */
export interface ReadWeights {
  /** By the names that they have in the file. */
  tensors: ReadonlyMap<string, StoredTensor>;
  /** SHA-256 of the file; where the weights lie in several, of the digests of all. */
  digest: string;
  /** Which says how the axes of kernels are ordered. */
  format: WeightsFormat;
}

type Tensors = Map<string, StoredTensor>;
type Found = Promise<{ tensors: Tensors; format: WeightsFormat }>;

/**
 * Reads a file of weights in any of the formats that they are published in. Which it is, its content tells, whatever the
 * name: `.safetensors` and PyTorch's `.pth` or `.bin`, alone or with an `index.json` over several; TensorFlow.js
 * `model.json` with its files, quantised ones too; Keras `.h5` and `.keras`; the initialisers of `.onnx`. Numbers of half
 * precision become float32. No code of a file is run, none but files in its own folder are opened, and nothing is taken
 * from the network.
 *
 * Names and the order of axes are those of the format: PyTorch's kernels are `[outputs, inputs, rows, columns]`, those of
 * Keras and TensorFlow.js `[rows, columns, inputs, outputs]`.
 * @param file of several files, the one that names the others
 * @throws UserError when a file is missing, cut short, damaged or no weights, and when a package is needed to read it
 */
export async function readWeights(file: string): Promise<ReadWeights> {
  const files = new WeightsFiles(file);
  const source = openFile(file, `The weights file ${file}`);
  try {
    const json = startsJson(firstBytes(source));
    const { tensors, format } = await (json
      ? readByJson(file, source, files)
      : readSingle(file, source, files));
    return { tensors, digest: files.digest(), format };
  } finally {
    source.close();
  }
}

async function readSingle(file: string, source: ByteSource, files: WeightsFiles): Found {
  if (source.length === 0) throw brokenWeights(file, "it is empty");
  const start = firstBytes(source);
  if (isSafetensors(start))
    return {
      tensors: new Map(Object.entries(readSafetensorsFrom(file, source).tensors)),
      format: "safetensors",
    };
  if (isHdf5(start)) return { tensors: await readKerasHdf5(file, source), format: "keras-h5" };
  if (start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4) {
    const zip = new ZipArchive(file, source, inflate);
    if (isTorchArchive(zip)) return { tensors: readTorchArchive(file, zip, source.length), format: "torch" };
    return { tensors: await readKerasArchive(file, zip), format: "keras" };
  }
  if (isLegacyTorch(start)) return { tensors: readTorchWeightsFrom(file, source), format: "torch" };
  const other = kindOfOtherFile(start);
  if (other) throw unsuitableWeights(file, `it is ${other.kind}`, other.remedy);
  if (mayBeOnnx(start)) {
    const openBeside = (name: string) => files.openBeside(name);
    return { tensors: readOnnxWeights(file, source, openBeside), format: "onnx" };
  }
  throw brokenWeights(
    file,
    "it begins like none of the formats that are read (safetensors, PyTorch, TensorFlow.js, Keras, ONNX)",
  );
}

/** A file of JSON: the index of several files, or a model of TensorFlow.js. */
async function readByJson(file: string, source: ByteSource, files: WeightsFiles): Found {
  if (source.length > maximalHeaderBytes)
    throw brokenWeights(file, "it is far longer than a list of weights is");
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(readBytes(source, 0, source.length)));
  } catch {
    throw brokenWeights(file, "it is damaged or cut short: it is no JSON");
  }
  const parsed = Object(json) as { weight_map?: unknown; weightsManifest?: unknown };
  if (parsed.weight_map !== undefined) return readShards(file, parsed, files);
  if (parsed.weightsManifest !== undefined) return readTensorflowjs(file, parsed, files);
  throw unsuitableWeights(
    file,
    "it is a file of JSON that names no files of weights",
    "Name the index of the weights (model.safetensors.index.json) or a TensorFlow.js model.json.",
  );
}

async function readShards(file: string, json: object, files: WeightsFiles): Found {
  const index = parseShardIndex(file, json);
  const tensors: Tensors = new Map();
  let format: WeightsFormat = "safetensors";
  for (const name of new Set(index.values())) {
    const source = files.openBeside(name);
    const shard = await readSingle(name, source, files);
    for (const [tensor, where] of index) {
      if (where !== name) continue;
      const found = shard.tensors.get(tensor);
      if (!found) throw brokenWeights(file, `it says that "${tensor}" is in ${name}, which it is not`);
      tensors.set(tensor, found);
    }
    format = shard.format;
  }
  return { tensors, format };
}

async function readTensorflowjs(file: string, json: object, files: WeightsFiles): Found {
  const { kind, groups } = parseTensorflowjsModel(file, json);
  const sources = groups.map(({ paths }) => joinSources(paths.map((path) => files.openBeside(path))));
  const budget = new MemoryBudget(
    file,
    sources.reduce((sum, { length }) => sum + length, 0),
  );
  const tensors: Tensors = new Map();
  for (const [i, group] of groups.entries())
    for (const [name, tensor] of readWeightGroup(file, group, sources[i]!, budget)) {
      if (tensors.has(name)) throw brokenWeights(file, `it has the tensor "${name}" twice`);
      tensors.set(name, tensor);
    }
  return { tensors, format: `tensorflowjs-${kind}` };
}

const firstBytes = (source: ByteSource) => readBytes(source, 0, 64);

/** White space and a brace; the length with which safetensors begin may look like that. */
const startsJson = (start: Uint8Array) =>
  !isSafetensors(start) && /^(\u00ef\u00bb\u00bf)?\s*\{/.test(String.fromCharCode(...start));

/** Eight bytes of length, the upper ones 0, then the brace of a header. */
const isSafetensors = (start: Uint8Array) =>
  start.length >= 8 && start[8] === 0x7b && start.subarray(4, 8).every((byte) => byte === 0);
