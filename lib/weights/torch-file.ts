import { brokenWeights } from "./broken-weights";
import { PickleGlobal, type PickleRules, type PickleValue, readPickle } from "./pickle";
import {
  bytesPerValue,
  decodeStorage,
  gatherView,
  type Storage,
  type StoredTensor,
  type StoredType,
} from "./stored-tensor";
import { storedZipMembers } from "./zip-stored";

const STORAGE_TYPES: ReadonlyMap<string, StoredType> = new Map([
  ["torch.FloatStorage", "float32"],
  ["torch.DoubleStorage", "float64"],
  ["torch.LongStorage", "int64"],
  ["torch.IntStorage", "int32"],
  ["torch.ByteStorage", "uint8"],
]);

/** The first bytes of the format that PyTorch wrote before version 1.6: a pickle of its magic number. */
const LEGACY_START = Buffer.from("80028a0a6cfc9c46f9206aa850192e", "hex");

/** Reads the state dictionary from the bytes of a PyTorch file; `file` is its name for error messages. */
export function parseTorchWeights(file: string, bytes: Buffer): Map<string, StoredTensor> {
  const zip = bytes.length >= 4 && bytes.readUInt32LE(0) === 0x04034b50;
  return zip ? parseZipFormat(file, bytes) : parseLegacyFormat(file, bytes);
}

function parseZipFormat(file: string, bytes: Buffer): Map<string, StoredTensor> {
  const members = storedZipMembers(file, bytes);
  const pickleName = [...members.keys()].find((name) => name.endsWith("/data.pkl"));
  if (!pickleName) throw brokenWeights(file, "it is a zip archive without data.pkl");
  const folder = pickleName.slice(0, -"data.pkl".length);
  if ((members.get(`${folder}byteorder`)?.toString() ?? "little") !== "little") {
    throw brokenWeights(file, "its numbers are big-endian, which is not supported");
  }
  const storages = new Map<string, Storage>();
  const rules = rulesFor(file, storages, (storage, key) => {
    const content = members.get(`${folder}data/${key}`);
    if (!content || content.length !== storage.length * bytesPerValue(storage.dtype)) {
      throw brokenWeights(file, `its storage ${key} is missing or of another length`);
    }
    storage.data = decodeStorage(storage.dtype, content);
  });
  const { value } = readPickle(members.get(pickleName) as Buffer, 0, rules);
  return gatherStateDictionary(file, value);
}

/**
 * Before PyTorch 1.6: five pickles (magic number, protocol, facts about the machine, the object, the keys of
 * its storages), then for every key the count of its numbers as int64 and the numbers themselves.
 */
function parseLegacyFormat(file: string, bytes: Buffer): Map<string, StoredTensor> {
  if (!bytes.subarray(0, LEGACY_START.length).equals(LEGACY_START)) {
    throw brokenWeights(file, bytes.length === 0 ? "it is empty" : "it was not written by torch.save");
  }
  const storages = new Map<string, Storage>();
  const rules = rulesFor(file, storages);
  const protocol = readPickle(bytes, LEGACY_START.length, rules);
  const machine = readPickle(bytes, protocol.end, rules);
  if (machine.value instanceof Map && machine.value.get("little_endian") === false) {
    throw brokenWeights(file, "its numbers are big-endian, which is not supported");
  }
  const object = readPickle(bytes, machine.end, rules);
  const keys = readPickle(bytes, object.end, rules);
  if (!Array.isArray(keys.value)) throw brokenWeights(file, "its list of storages is damaged");
  let position = keys.end;
  for (const key of keys.value) {
    const storage = storages.get(String(key));
    if (!storage || position + 8 > bytes.length) throw brokenWeights(file, "it ends too early");
    const end = position + 8 + storage.length * bytesPerValue(storage.dtype);
    if (bytes.readBigInt64LE(position) !== BigInt(storage.length) || end > bytes.length) {
      throw brokenWeights(file, `its storage ${key} is cut short or of another length`);
    }
    storage.data = decodeStorage(storage.dtype, bytes.subarray(position + 8, end));
    position = end;
  }
  return gatherStateDictionary(file, object.value);
}

/** A tensor as the pickle describes it; its numbers may come later in the file. */
class TensorView {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: number[],
    readonly strides: number[],
  ) {}
}

class StorageReference {
  constructor(readonly storage: Storage) {}
}

function rulesFor(
  file: string,
  storages: Map<string, Storage>,
  load?: (storage: Storage, key: string) => void,
): PickleRules {
  const rebuildTensor = ([reference, offset, shape, strides]: PickleValue[]) => {
    const described =
      reference instanceof StorageReference &&
      [offset, ...listOf(shape), ...listOf(strides)].every((n) => typeof n === "number");
    if (!described) throw brokenWeights(file, "a tensor in it is not well formed");
    return new TensorView(
      reference.storage,
      Number(offset),
      listOf(shape) as number[],
      listOf(strides) as number[],
    );
  };
  const persistent = (id: PickleValue) => {
    const [kind, type, key, , length] = listOf(id);
    const dtype = type instanceof PickleGlobal ? STORAGE_TYPES.get(type.name) : undefined;
    if (kind !== "storage" || typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) {
      throw brokenWeights(file, "a storage in it is not well formed");
    }
    if (!dtype) {
      const name = type instanceof PickleGlobal ? type.name : "an unnamed type";
      throw brokenWeights(
        file,
        `it holds ${name}; only ${[...STORAGE_TYPES.keys()].join(", ")} are supported`,
      );
    }
    let storage = storages.get(String(key));
    if (!storage) {
      storage = { dtype, length, data: new Float32Array(0) };
      storages.set(String(key), storage);
      load?.(storage, String(key));
    }
    return new StorageReference(storage);
  };
  const globals = new Map<string, (args: PickleValue[]) => PickleValue>([
    ["collections.OrderedDict", () => new Map()],
    ["torch._utils._rebuild_tensor_v2", rebuildTensor],
    ["torch._utils._rebuild_parameter", ([tensor]) => tensor as PickleValue],
  ]);
  return { file, globals, persistent };
}

function listOf(value: PickleValue | undefined): PickleValue[] {
  return Array.isArray(value) ? value : [];
}

function gatherStateDictionary(file: string, value: PickleValue): Map<string, StoredTensor> {
  if (!(value instanceof Map)) throw brokenWeights(file, "it holds no state dictionary");
  const tensors = new Map<string, StoredTensor>();
  for (const [name, view] of value) {
    if (typeof name !== "string" || !(view instanceof TensorView)) {
      throw brokenWeights(
        file,
        `its entry ${String(name)} is no tensor; save the model's state_dict() alone`,
      );
    }
    tensors.set(name, gatherView(file, view.storage, view.offset, view.shape, view.strides));
  }
  return tensors;
}
