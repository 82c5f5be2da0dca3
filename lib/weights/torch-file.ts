import { brokenWeights, unsuitableWeights } from "./broken-weights";
import { readPickle } from "./pickle";
import { gatherStateDictionary } from "./state-dictionary";
import type { Storage, StoredTensor } from "./stored-tensor";
import { torchRules } from "./torch-pickle";
import { StoredZip } from "./zip-stored";

/** The first bytes of the format that PyTorch wrote before version 1.6: a pickle of its magic number. */
const legacyStart = [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const zipStart = [0x50, 0x4b, 3, 4];

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
  const startsWith = (start: readonly number[]) => start.every((byte, i) => bytes[i] === byte);
  if (startsWith(zipStart)) return parseZipFormat(file, bytes);
  if (startsWith(legacyStart)) return parseLegacyFormat(file, bytes);
  throw brokenWeights(file, bytes.length === 0 ? "it is empty" : "it was not written by torch.save");
}

function parseZipFormat(file: string, bytes: Uint8Array): Map<string, StoredTensor> {
  const zip = new StoredZip(file, bytes);
  const pickleName = zip.names.find((name) => name.endsWith("/data.pkl"));
  if (!pickleName) {
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
    storage.bytes = zip.read(`${folder}data/${key}`);
    if (storage.bytes?.length !== storage.byteLength) {
      throw brokenWeights(file, `its storage ${key} is missing or of another length`);
    }
  });
  return gatherStateDictionary(file, readPickle(zip.read(pickleName) as Uint8Array, 0, rules).value);
}

/**
 * Before PyTorch 1.6: five pickles (magic number, protocol, facts about the machine, the object, the keys of
 * its storages), then for every key the count of its numbers as int64 and the numbers themselves.
 */
function parseLegacyFormat(file: string, bytes: Uint8Array): Map<string, StoredTensor> {
  const storages = new Map<string, Storage>();
  const rules = torchRules(file, storages);
  const protocol = readPickle(bytes, legacyStart.length, rules);
  const machine = readPickle(bytes, protocol.end, rules);
  if (machine.value instanceof Map && machine.value.get("little_endian") === false) throw bigEndian(file);
  const object = readPickle(bytes, machine.end, rules);
  const keys = readPickle(bytes, object.end, rules);
  if (!Array.isArray(keys.value)) throw brokenWeights(file, "its list of storages is damaged");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = keys.end;
  for (const key of keys.value) {
    const storage = storages.get(String(key));
    if (!storage || position + 8 > bytes.length) throw brokenWeights(file, "it ends too early");
    const count = Number(view.getBigInt64(position, true));
    const end = position + 8 + storage.byteLength;
    if (count !== storage.length || end > bytes.length) {
      throw brokenWeights(file, `its storage ${key} is cut short or of another length`);
    }
    storage.bytes = bytes.subarray(position + 8, end);
    position = end;
  }
  return gatherStateDictionary(file, object.value);
}

function bigEndian(file: string) {
  return unsuitableWeights(
    file,
    "its numbers are big-endian, as a machine of another kind wrote them",
    "Save it again on a usual machine.",
  );
}
