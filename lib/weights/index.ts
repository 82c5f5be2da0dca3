/**
 * Files of parameters, `.safetensors` and PyTorch's `.pth`, read from bytes; `readWeights` of `attention-transfer/node` reads
 * these and other formats from disk.
 *
 * @module weights
 */

export type { StoredData } from "./number-types";
export { encodeSafetensors, parseSafetensors, type TensorsToWrite } from "./safetensors";
export type { StoredTensor } from "./stored-tensor";
export { parseTorchWeights } from "./torch-file";
