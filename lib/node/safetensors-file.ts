import { readSafetensorsFrom } from "../weights/safetensors";
import type { StoredTensor } from "../weights/stored-tensor";
import { withOpenFile } from "./open-file";

/**
 * Reads a file in the safetensors format, whoever wrote it and however large it is: it takes no more memory than its
 * tensors. Half precision (F16, BF16) becomes float32, which holds it exactly; all other types stay as they are. A digest
 * that this library wrote is checked.
 * @throws UserError when the file is missing, cut short, damaged, no such file, or of a type that JavaScript has none of.
 */
export function readSafetensors(file: string): Record<string, StoredTensor> {
  return withOpenFile(
    file,
    `The weights file ${file}`,
    (source) => readSafetensorsFrom(file, source).tensors,
  );
}
