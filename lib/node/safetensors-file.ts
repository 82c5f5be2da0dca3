import * as fs from "node:fs";
import { brokenWeights } from "../weights/broken-weights";
import { type FloatTensors, parseSafetensors } from "../weights/safetensors";

/**
 * Reads a file in the safetensors format.
 * @throws UserError when the file is missing, cut short, damaged, or no such file.
 */
export function readSafetensors(file: string): FloatTensors {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    throw brokenWeights(file, (error as Error).message);
  }
  return parseSafetensors(file, bytes);
}
