import { recogniseArchitecture } from "../../backbones/recognise";
import { readWeights } from "../../node/weights/read-weights";
import { UserError } from "../../runtime/user-error";
import type { StoredTensor } from "../../weights/stored-tensor";

const titles = {
  safetensors: "safetensors",
  torch: "PyTorch",
  "tensorflowjs-layers": "TensorFlow.js, a layers model",
  "tensorflowjs-graph": "TensorFlow.js, a graph model",
  "keras-h5": "Keras, HDF5",
  keras: "Keras, an archive",
  onnx: "ONNX",
} as const;

/**
 * What a file of weights holds, as the text of `npm run weights -- show`.
 * @throws UserError when it can't be read; weights of an unknown network are shown all the same
 */
export async function describeFile(file: string): Promise<string> {
  const { tensors, digest, format } = await readWeights(file);
  const numbers = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
  return [
    `${file}: ${titles[format]}, ${tensors.size} tensors, ${(numbers / 1e6).toFixed(2)} million numbers`,
    `SHA-256 ${digest}`,
    architectureOf(tensors),
    "",
    ...[...tensors].map(([name, { dtype, shape }]) => `${name}  ${dtype} [${shape.join(", ")}]`),
  ].join("\n");
}

function architectureOf(tensors: ReadonlyMap<string, StoredTensor>): string {
  try {
    const { name, description } = recogniseArchitecture(tensors);
    return `${name}: ${description}`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
