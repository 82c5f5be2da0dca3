import type { StoredTensor } from "./stored-tensor";

/** A node of an ONNX graph, by what it takes and gives. */
export interface OnnxNode {
  name: string;
  operation: string;
  inputs: string[];
  outputs: string[];
  /** Whether a `Gemm` takes its second input with rows and columns exchanged. */
  transposed: boolean;
}

/** What exporters call a tensor that lost its name when they folded constants. */
const anonymous = /^(onnx::\w+|_?val_\d+|\d+)$/;

const operationsOfLayers = new Set(["MatMul", "Gemm", "Conv", "ConvTranspose"]);

/**
 * Gives tensors without a name, in place, the one of the layer that uses them, `blocks.0.attn.qkv.weight`, and the layout that a
 * layer of PyTorch keeps them in.
 *
 * An exporter folds a linear layer's transposed weight into a new tensor, `onnx::MatMul_123`. The layer's name is that of
 * the bias that is added to its product, and else stands in the node's own name, `/blocks.0/attn/qkv/MatMul`. The
 * weights of such products are given back as `[outputs, inputs]`. A tensor whose layer has no name, or a name that is
 * taken, stays as it is.
 */
export function nameAnonymousTensors(tensors: Map<string, StoredTensor>, nodes: readonly OnnxNode[]): void {
  const consumers = new Map<string, OnnxNode[]>();
  for (const node of nodes)
    for (const input of new Set(node.inputs)) consumers.set(input, [...(consumers.get(input) ?? []), node]);
  for (const node of nodes) {
    if (!operationsOfLayers.has(node.operation)) continue;
    for (const [place, part] of [
      [1, "weight"],
      [2, "bias"],
    ] as const) {
      const old = node.inputs[place];
      const tensor = old === undefined || !anonymous.test(old) ? undefined : tensors.get(old);
      const layer = tensor && (layerOfBias(node, consumers, tensors) ?? layerOfNode(node.name));
      const name = `${layer}.${part}`;
      if (!tensor || !layer || tensors.has(name)) continue;
      tensors.delete(old!);
      tensors.set(name, part === "weight" ? asLayerKeepsIt(node, tensor) : tensor);
    }
  }
}

/** The layer whose named bias is added to a product. */
function layerOfBias(
  { outputs }: OnnxNode,
  consumers: ReadonlyMap<string, readonly OnnxNode[]>,
  tensors: ReadonlyMap<string, StoredTensor>,
): string | undefined {
  const addition = outputs.flatMap((output) => consumers.get(output) ?? []);
  const [only] = addition;
  if (addition.length !== 1 || only?.operation !== "Add") return undefined;
  const bias = only.inputs.find((input) => tensors.has(input) && input.endsWith(".bias"));
  return bias?.slice(0, -".bias".length);
}

/** `/layer1/layer1.0/conv1/Conv`, where a part repeats the one before that it belongs to, is `layer1.0.conv1`. */
function layerOfNode(name: string): string | undefined {
  if (!name.startsWith("/")) return undefined;
  const parts: string[] = [];
  for (const part of name.slice(1).split("/").slice(0, -1)) {
    const before = parts.at(-1);
    if (before !== undefined && part.startsWith(`${before}.`)) parts.pop();
    parts.push(part);
  }
  return parts.length > 0 ? parts.join(".") : undefined;
}

function asLayerKeepsIt({ operation, transposed }: OnnxNode, tensor: StoredTensor): StoredTensor {
  const [rows, columns] = tensor.shape;
  const product = operation === "MatMul" || (operation === "Gemm" && !transposed);
  if (!product || tensor.shape.length !== 2) return tensor;
  const data = tensor.data.slice();
  for (let row = 0; row < rows!; row++)
    for (let column = 0; column < columns!; column++)
      data[column * rows! + row] = tensor.data[row * columns! + column] as never;
  return { ...tensor, shape: [columns!, rows!], data };
}
