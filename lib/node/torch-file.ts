import * as fs from "node:fs";
import * as path from "node:path";
import { sha256 } from "../runtime/sha256";
import { UserError } from "../runtime/user-error";
import { brokenWeights } from "../weights/broken-weights";
import type { StoredTensor } from "../weights/stored-tensor";
import { parseTorchWeights } from "../weights/torch-file";

/**
 * Reads the state dictionary of a PyTorch file (`.pth`, `.pt`), in the zip format of PyTorch 1.6 and later or in
 * the format before it. No code of the file is run.
 *
 * A file named as PyTorch's hub names them, `name-<first eight digits of its SHA-256>.pth`, is checked against
 * those digits.
 * @returns tensors by parameter name, each row-major in PyTorch's order of axes.
 * @throws UserError when the file is missing, damaged, cut short, or holds something else than tensors.
 */
export async function readTorchWeights(file: string): Promise<Map<string, StoredTensor>> {
  return parseTorchWeights(file, await readTorchFile(file));
}

/** The bytes of a PyTorch file, checked against the digest in its name where it has one. */
export async function readTorchFile(file: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await fs.promises.readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? "does not exist" : `can't be read (${code})`;
    throw new UserError(`The weights file ${file} ${why}. Run \`npm run setup\`, or pass another file.`);
  }
  const expected = /-([0-9a-f]{8})\.pth$/.exec(path.basename(file))?.[1];
  if (expected && !sha256(bytes).startsWith(expected)) {
    throw brokenWeights(file, "its content is not the one that the digest in its name belongs to");
  }
  return bytes;
}
