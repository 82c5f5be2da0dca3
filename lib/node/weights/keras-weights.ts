import { brokenWeights, unsuitableWeights } from "../../weights/broken-weights";
import type { ByteSource } from "../../weights/byte-source";
import { MemoryBudget } from "../../weights/memory-budget";
import type { StoredTensor } from "../../weights/stored-tensor";
import type { ZipArchive } from "../../weights/zip-archive";
import { loadHdf5 } from "../hdf5/h5wasm";
import { readHdf5 } from "../hdf5/hdf5-file";
import { groupsOfLayers, isKeras3, namesOfKeras3, namesOfLegacyKeras } from "./keras-names";

const hdf5Start = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether a file begins as HDF5 does. */
export function isHdf5(start: Uint8Array): boolean {
  return hdf5Start.every((byte, i) => start[i] === byte);
}

/**
 * The weights in an HDF5 file of Keras: a whole model (`.h5`), or weights alone (`.h5`, `.weights.h5`).
 * @param config the model's description, where it is known
 * @throws UserError when it is damaged, holds no tensors, or refers to other files
 */
export async function readKerasHdf5(
  file: string,
  source: ByteSource,
  config?: unknown,
): Promise<Map<string, StoredTensor>> {
  const library = await loadHdf5();
  const { tensors, namesOfGroups } = readHdf5(file, source, library, new MemoryBudget(file, source.length));
  if (tensors.size === 0)
    throw unsuitableWeights(
      file,
      "it is an HDF5 file without tensors",
      "Save the model's weights: model.save_weights(file).",
    );
  if (!isKeras3(tensors)) return namesOfLegacyKeras(tensors);
  const described = groupsOfLayers(config);
  return namesOfKeras3(tensors, (group) => namesOfGroups.get(`${group}/vars`) ?? described.get(group));
}

/**
 * The weights in a `.keras` archive, stored or deflated.
 * @throws UserError when it is damaged, or another archive
 */
export async function readKerasArchive(file: string, zip: ZipArchive): Promise<Map<string, StoredTensor>> {
  const weights = "model.weights.h5";
  const [config, source] = [zip.read("config.json"), zip.open(weights)];
  if (!config || !source)
    throw unsuitableWeights(
      file,
      "it is a zip archive that neither torch.save nor Keras wrote",
      "Unpack it, and name the file of weights in it.",
    );
  let described: unknown;
  try {
    described = JSON.parse(new TextDecoder().decode(config));
  } catch {
    throw brokenWeights(file, "its config.json is no JSON");
  }
  return readKerasHdf5(file, source, described);
}
