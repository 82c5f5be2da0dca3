import type { AnyBackbone } from "../backbones/backbone";
import type { TransferModel } from "../transfer/model";
import { loadModel, saveModel } from "../transfer/saved-model";
import { writeAtomically } from "./files";
import { readWholeFile } from "./open-file";

/**
 * Writes a fitted model into one file, whole or not at all; see `saveModel`.
 * @throws UserError when it can't be saved or written
 */
export async function saveTransferModel(model: TransferModel, file: string): Promise<void> {
  await writeAtomically(file, await saveModel(model));
}

/**
 * Reads a model that `saveTransferModel` wrote; dispose it.
 * @param backbone the one that it was fitted on; it stays the caller's
 * @throws UserError for a file that is missing, damaged or of another backbone
 */
export async function loadTransferModel(file: string, backbone: AnyBackbone): Promise<TransferModel> {
  return loadModel(await readWholeFile(file, `The saved model ${file}`), backbone, file);
}
