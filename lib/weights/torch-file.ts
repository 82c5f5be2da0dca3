import { brokenWeights, unsuitableWeights } from "./broken-weights";
import { type ByteSource, readBytes, sourceOfBytes } from "./byte-source";
import { MemoryBudget } from "./memory-budget";
import { type PickleValue, readPickle } from "./pickle";
import { gatherStateDictionary } from "./state-dictionary";
import type { Storage, StoredTensor } from "./stored-tensor";
import { torchRules } from "./torch-pickle";
import { ZipArchive } from "./zip-archive";

/** The first bytes of the format that PyTorch wrote before version 1.6: a pickle of its magic number. */
const legacyStart = [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const zipStart = [0x50, 0x4b, 3, 4];
/** Descriptions of tensors rarely take more. */
const usualDescription = 2 ** 22;

/** Whether these first bytes of a file are those of the format before PyTorch 1.6. */
export function isLegacyTorch(start: Uint8Array): boolean {
  return startsWith(start, legacyStart);
}

/** Whether an archive was written by `torch.save`. */
export function isTorchArchive(zip: ZipArchive): boolean {
  return zip.names.some(isPickle);
}

const isPickle = (name: string) => name === "data.pkl" || name.endsWith("/data.pkl");

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads the state dictionary from the bytes of a PyTorch file, in the zip format of PyTorch 1.6 and later or in the
 * format before it. No code of the file is run.
 *
 * Numbers of half precision (float16, bfloat16) become float32, which holds them exactly; all others keep their type.
 * Of a checkpoint the state dictionary is taken. What `DataParallel` and `torch.compile` put before every name is taken
 * off. Where the zip format has checksums, they are checked.
 * @param file its name, for error messages
 * @returns tensors by parameter name, each row-major in PyTorch's order of axes
 * @throws UserError when the file is damaged or cut short, and when it holds something else than tensors
 */
export function parseTorchWeights(file: string, bytes: Uint8Array): Map<string, StoredTensor> {
  return readTorchWeightsFrom(file, sourceOfBytes(bytes));
}

/** As {@link parseTorchWeights}, from any source, with little more memory than the tensors take. */
export function readTorchWeightsFrom(file: string, source: ByteSource): Map<string, StoredTensor> {
  const start = readBytes(source, 0, legacyStart.length);
  if (startsWith(start, zipStart)) return readTorchArchive(file, new ZipArchive(file, source), source.length);
  if (isLegacyTorch(start)) return readLegacyTorch(file, source);
  throw brokenWeights(file, source.length === 0 ? "it is empty" : "it was not written by torch.save");
}

/**
 * The state dictionary of an archive that `torch.save` wrote.
 * @param fileBytes the archive's size
 */
export function readTorchArchive(
  file: string,
  zip: ZipArchive,
  fileBytes: number,
): Map<string, StoredTensor> {
  const pickleName = zip.names.find(isPickle);
  if (pickleName === undefined) {
    throw unsuitableWeights(
      file,
      "it is a zip archive without data.pkl",
      "Unpack it, or pass a file that torch.save wrote.",
    );
  }
  const folder = pickleName.slice(0, -"data.pkl".length);
  if (zip.names.includes(`${folder}constants.pkl`)) {
    throw unsuitableWeights(
      file,
      "it is a TorchScript program",
      "Save its weights: torch.save(torch.jit.load(file).state_dict(), other).",
    );
  }
  const order = zip.read(`${folder}byteorder`);
  if (order && new TextDecoder().decode(order) !== "little") throw bigEndian(file);
  const rules = torchRules(file, new Map(), (storage, key) => {
    storage.load = () => zip.read(`${folder}data/${key}`);
  });
  const { value } = readPickle(zip.read(pickleName) as Uint8Array, 0, rules);
  return gatherStateDictionary(file, value, new MemoryBudget(file, fileBytes));
}

/**
 * Before PyTorch 1.6: five pickles (magic number, protocol, facts about the machine, the object, the keys of
 * its storages), then for every key the count of its numbers as int64 and the numbers themselves.
 */
function readLegacyTorch(file: string, source: ByteSource): Map<string, StoredTensor> {
  const { object, storages, keys, end } = readLegacyPickles(file, source);
  let position = end;
  for (const key of keys) {
    const storage = storages.get(String(key));
    if (!storage || position + 8 > source.length) throw brokenWeights(file, "it ends too early");
    const count = new DataView(readBytes(source, position, 8).buffer).getBigInt64(0, true);
    const start = position + 8;
    position = start + storage.byteLength;
    if (Number(count) !== storage.length || position > source.length) {
      throw brokenWeights(file, `its storage ${key} is cut short or of another length`);
    }
    storage.load = () => readBytes(source, start, storage.byteLength);
  }
  return gatherStateDictionary(file, object, new MemoryBudget(file, source.length));
}

interface LegacyPickles {
  object: PickleValue;
  storages: Map<string, Storage>;
  keys: PickleValue[];
  /** Where the numbers begin. */
  end: number;
}

/** How long the pickles are only they tell: more and more of the file is read, until they are whole. */
function readLegacyPickles(file: string, source: ByteSource): LegacyPickles {
  for (let length = usualDescription; ; length *= 4) {
    try {
      return parseLegacyPickles(file, readBytes(source, 0, length));
    } catch (error) {
      if (length >= source.length) throw error;
    }
  }
}

function parseLegacyPickles(file: string, bytes: Uint8Array): LegacyPickles {
  const storages = new Map<string, Storage>();
  const rules = torchRules(file, storages);
  const protocol = readPickle(bytes, legacyStart.length, rules);
  const machine = readPickle(bytes, protocol.end, rules);
  if (machine.value instanceof Map && machine.value.get("little_endian") === false) throw bigEndian(file);
  const object = readPickle(bytes, machine.end, rules);
  const { value: keys, end } = readPickle(bytes, object.end, rules);
  if (!Array.isArray(keys)) throw brokenWeights(file, "its list of storages is damaged");
  return { object: object.value, storages, keys, end };
}

function bigEndian(file: string) {
  return unsuitableWeights(
    file,
    "its numbers are big-endian, as a machine of another kind wrote them",
    "Save it again on a usual machine.",
  );
}
