// Weights: files of parameters, read from bytes.

export { encodeSafetensors, parseSafetensors } from "./safetensors";
export type { StoredTensor } from "./stored-tensor";
export { parseTorchWeights } from "./torch-file";
