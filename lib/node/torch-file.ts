import { unsuitableWeights } from "../weights/broken-weights";
import type { StoredTensor } from "../weights/stored-tensor";
import { parseTorchWeights } from "../weights/torch-file";
import { withOpenFile } from "./open-file";

/**
 * Reads the state dictionary of a PyTorch file (`.pth`, `.pt`), in the zip format of PyTorch 1.6 and later or in
 * the format before it. No code of the file is run.
 *
 * Numbers of half precision (float16, bfloat16) become float32, which holds them exactly; all others keep their type.
 * Of a checkpoint the state dictionary is taken. What `DataParallel` (`module.`) and `torch.compile` (`_orig_mod.`) put
 * before every name is taken off. Eight digits in a file's name are no promise about its content: PyTorch's hub puts the
 * beginning of a digest there, others a date.
 * @returns tensors by parameter name, each row-major in PyTorch's order of axes.
 * @throws UserError when the file is missing, damaged, cut short, or holds something else than tensors.
 */
export async function readTorchWeights(file: string): Promise<Map<string, StoredTensor>> {
  return parseTorchWeights(file, await readTorchFile(file));
}

/**
 * The bytes of a PyTorch file.
 * @param remedy says what to do where it is missing
 */
export async function readTorchFile(file: string, remedy?: string): Promise<Uint8Array> {
  const read = (source: { length: number; read(start: number, target: Uint8Array): void }) => {
    const bytes = allocate(file, source.length);
    source.read(0, bytes);
    return bytes;
  };
  return withOpenFile(file, `The weights file ${file}`, read, remedy);
}

function allocate(file: string, length: number): Uint8Array {
  try {
    return new Uint8Array(length);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unsuitableWeights(
      file,
      `it has ${(length / 2 ** 30).toFixed(1)} GiB, more than this Node holds in one piece`,
      "Save it in the safetensors format, which is read in parts.",
    );
  }
}
