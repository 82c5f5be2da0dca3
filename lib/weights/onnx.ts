import { brokenWeights, unsuitableWeights } from "./broken-weights";
import type { ByteSource } from "./byte-source";
import { MemoryBudget } from "./memory-budget";
import { nameAnonymousTensors, type OnnxNode } from "./onnx-names";
import { describeTensor, type ExternalPlace, type OnnxTensor, readTensor } from "./onnx-tensor";
import { type ProtobufField, ProtobufReader } from "./protobuf-reader";
import type { StoredTensor } from "./stored-tensor";

/** The fields that are read of `ModelProto`, `GraphProto`, `NodeProto` and `AttributeProto`. */
const Model = { irVersion: 1, graph: 7 } as const;
const Graph = { node: 1, initializer: 5 } as const;
const Node = { input: 1, output: 2, name: 3, operation: 4, attribute: 5 } as const;
const Attribute = { name: 1, wholeNumber: 3 } as const;

/**
 * Reads the initialisers of an ONNX model: the tensors that its graph starts from, which are the network's weights.
 * Numbers of half precision become float32. Where an exporter left a layer's weights without a name they get the layer's,
 * in the layout of PyTorch ({@link nameAnonymousTensors}). Nothing of the graph is run.
 *
 * Field numbers: `onnx.proto` of ONNX 1.x (https://onnx.ai/onnx/repo-docs/IR.html).
 * @param openBeside opens a file that holds numbers beside the model, by the name that the model gives it; it must refuse
 *   names that lead elsewhere
 * @throws UserError when the file is damaged, no ONNX model, or has no initialisers
 */
export function readOnnxWeights(
  file: string,
  source: ByteSource,
  openBeside: (name: string) => ByteSource,
): Map<string, StoredTensor> {
  const reader = new ProtobufReader(file, source);
  let graph: ProtobufField | undefined;
  for (const field of reader.fields(0, source.length)) if (field.number === Model.graph) graph = field;
  if (!graph || graph.value !== undefined) throw brokenWeights(file, "it is no ONNX model");
  const described: OnnxTensor[] = [];
  const nodes: OnnxNode[] = [];
  for (const field of reader.fields(graph.start, graph.end)) {
    if (field.number === Graph.node) nodes.push(readNode(reader, field));
    const tensor = field.number === Graph.initializer ? describeTensor(file, reader, field) : undefined;
    if (tensor) described.push(tensor);
  }
  if (described.length === 0)
    throw unsuitableWeights(
      file,
      "it is an ONNX model without initialisers",
      "Export it with its parameters (export_params=True).",
    );
  const beside = new Map<string, ByteSource>();
  for (const { external } of described)
    if (external && !beside.has(external.location))
      beside.set(external.location, openBeside(external.location));
  const readExternal = ({ location, offset, length: claimed }: ExternalPlace, length: number) => {
    const place = beside.get(location)!;
    const inside = Number.isSafeInteger(offset) && offset >= 0 && offset + length <= place.length;
    if (!inside || (claimed !== undefined && claimed !== length))
      throw brokenWeights(file, `${location} does not hold the numbers that it is said to hold`);
    const bytes = new Uint8Array(length);
    place.read(offset, bytes);
    return bytes;
  };
  const budget = new MemoryBudget(
    file,
    [source, ...beside.values()].reduce((sum, { length }) => sum + length, 0),
  );
  const tensors = new Map<string, StoredTensor>();
  for (const tensor of described) {
    if (tensors.has(tensor.name)) throw brokenWeights(file, `it has the tensor "${tensor.name}" twice`);
    tensors.set(tensor.name, readTensor(file, reader, tensor, budget, readExternal));
  }
  nameAnonymousTensors(tensors, nodes);
  return tensors;
}

/** Whether a file begins as an ONNX model does: its version, a small number, and then a field that models have. */
export function mayBeOnnx(start: Uint8Array): boolean {
  return (
    start[0] === Model.irVersion << 3 &&
    start[1]! < 0x40 &&
    [0x12, 0x1a, 0x22, 0x3a, 0x42].includes(start[2]!)
  );
}

function readNode(reader: ProtobufReader, message: ProtobufField): OnnxNode {
  const node: OnnxNode = { name: "", operation: "", inputs: [], outputs: [], transposed: false };
  for (const field of reader.fields(message.start, message.end)) {
    if (field.number === Node.input) node.inputs.push(reader.text(field));
    else if (field.number === Node.output) node.outputs.push(reader.text(field));
    else if (field.number === Node.name) node.name = reader.text(field);
    else if (field.number === Node.operation) node.operation = reader.text(field);
    else if (field.number === Node.attribute && isTransposition(reader, field)) node.transposed = true;
  }
  return node;
}

function isTransposition(reader: ProtobufReader, message: ProtobufField): boolean {
  let [name, value] = ["", 0n];
  for (const field of reader.fields(message.start, message.end)) {
    if (field.number === Attribute.name) name = reader.text(field);
    if (field.number === Attribute.wholeNumber) value = field.value ?? 0n;
  }
  return name === "transB" && value === 1n;
}
