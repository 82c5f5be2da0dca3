import { bytesField, floatField, integerField, joinBytes, varint } from "./protobuf";

/** TensorFlow's numbers for the types of values (`types.proto`). */
const dataTypes = { float32: 1, int32: 3, bool: 10 } as const;

/** A type of values that a graph can carry. */
export type GraphDataType = keyof typeof dataTypes;

/** The value of an attribute of an operation, by the field of TensorFlow's `AttrValue` that holds it. */
export type AttributeValue =
  | { type: GraphDataType }
  | { integer: number }
  | { float: number }
  | { boolean: boolean }
  | { text: string }
  | { integers: readonly number[] }
  /** `null` stands for a size that is known only when the graph runs. */
  | { shape: readonly (number | null)[] }
  | { tensor: { type: GraphDataType; shape: readonly number[]; bytes: Uint8Array } };

/** Values of a constant: float32 numbers, int32 numbers, or 0 and 1 for truth values. */
export type ConstantValues = Float32Array | Int32Array | Uint8Array;

/** Graphs of this version are read by TensorFlow 2.x (`versions.proto`; the newest of 2.9 to 2.21 read it). */
const graphVersion = 1087;

/**
 * Writes a TensorFlow graph, operation by operation, in the form of a SavedModel without variables or
 * signatures: one protocol buffer that TensorFlow's C library loads.
 *
 * An input is the name of an earlier operation, `name:1` for its second output, or `^name` for "run that one
 * before", which carries no value.
 * @example
 * const graph = new GraphWriter();
 * const x = graph.placeholder("x", "float32", [null, 3]);
 * const y = graph.operation("Relu", [x], { T: { type: "float32" } }, "y");
 * fs.writeFileSync("saved_model.pb", graph.savedModel());
 */
export class GraphWriter {
  private readonly nodes: Uint8Array[] = [];
  private readonly names = new Set<string>();

  /** Adds an operation and returns its name. Without `name` it is called after its kind and its number. */
  operation(
    kind: string,
    inputs: readonly string[] = [],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    name = `${kind.replace(/^_+/, "")}_${this.nodes.length}`,
  ): string {
    if (this.names.has(name)) throw new Error(`The graph already has an operation named ${name}.`);
    this.names.add(name);
    // NodeDef: name, op, input, attr (a map, that is, messages of key and value).
    const attributeFields = Object.entries(attributes).map(([key, value]) =>
      bytesField(5, [bytesField(1, key), bytesField(2, encodeAttribute(value))]),
    );
    const inputFields = inputs.map((input) => bytesField(3, input));
    this.nodes.push(
      bytesField(1, [bytesField(1, name), bytesField(2, kind), ...inputFields, ...attributeFields]),
    );
    return name;
  }

  /** Adds a constant. The type follows from the array: float32, int32, or bool for a Uint8Array. */
  constant(values: ConstantValues, shape: readonly number[], name?: string): string {
    const type = values instanceof Float32Array ? "float32" : values instanceof Int32Array ? "int32" : "bool";
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.operation("Const", [], { dtype: { type }, value: { tensor: { type, shape, bytes } } }, name);
  }

  /** Adds an input that is given a value at every run; `null` stands for a size that may differ. */
  placeholder(name: string, type: GraphDataType, shape: readonly (number | null)[]): string {
    return this.operation("Placeholder", [], { dtype: { type }, shape: { shape } }, name);
  }

  /** The graph as the content of a file `saved_model.pb`, under the tag "serve". */
  savedModel(): Uint8Array {
    const versions = bytesField(4, [integerField(1, graphVersion)]);
    const graph = bytesField(2, [...this.nodes, versions]);
    const tags = bytesField(1, [bytesField(4, "serve")]);
    return joinBytes([integerField(1, 1), bytesField(2, [tags, graph])]);
  }
}

/** `AttrValue` of attr_value.proto. */
function encodeAttribute(value: AttributeValue): Uint8Array {
  if ("text" in value) return bytesField(2, value.text);
  if ("integer" in value) return integerField(3, value.integer);
  if ("float" in value) return floatField(4, value.float);
  if ("boolean" in value) return integerField(5, value.boolean ? 1 : 0);
  if ("type" in value) return integerField(6, dataTypes[value.type]);
  if ("shape" in value) return bytesField(7, encodeShape(value.shape));
  if ("tensor" in value) {
    // TensorProto: dtype, tensor_shape, tensor_content.
    const { type, shape, bytes } = value.tensor;
    return bytesField(8, [
      integerField(1, dataTypes[type]),
      bytesField(2, encodeShape(shape)),
      bytesField(4, bytes),
    ]);
  }
  // AttrValue.ListValue, whose numbers are packed into one field.
  return bytesField(1, bytesField(3, value.integers.map(varint)));
}

/** `TensorShapeProto`: one message a dimension; -1 where the size is not known. */
function encodeShape(shape: readonly (number | null)[]): Uint8Array {
  return joinBytes(shape.map((size) => bytesField(2, integerField(1, size ?? -1))));
}
