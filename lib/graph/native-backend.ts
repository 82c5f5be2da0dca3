import * as tf from "@tensorflow/tfjs";
import type { AttributeValue } from "./graph-writer";

/** An attribute of an operation as the native addon takes it; `type` is one of the addon's constants. */
export interface NativeAttribute {
  name: string;
  type: number;
  value: unknown;
}

/** What the native addon tells of a tensor that an operation gave. */
export interface NativeOutput {
  id: number;
  shape: number[];
  dtype: number;
}

/** The native addon: operations and sessions of TensorFlow's C library, on tensors named by numbers. */
export interface NativeBinding {
  TF_ATTR_TYPE: number;
  TF_ATTR_STRING: number;
  TF_ATTR_BOOL: number;
  TF_ATTR_FLOAT: number;
  TF_ATTR_INT: number;
  TF_ATTR_SHAPE: number;
  executeOp(kind: string, attributes: NativeAttribute[], inputs: number[], outputs: number): NativeOutput[];
  createTensor(shape: number[], dtype: number, values: unknown): number;
  tensorDataSync(id: number): ArrayLike<number>;
  loadSavedModel(folder: string, tags: string): number;
}

/** The parts of tfjs-node's backend that graphs rest on. */
export interface NativeBackend {
  binding: NativeBinding;
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  executeSingleOutput(kind: string, attributes: NativeAttribute[], inputs: tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(
    kind: string,
    attributes: NativeAttribute[],
    inputs: tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
  runSavedModel(
    session: number,
    inputs: tf.Tensor[],
    inputNames: { name: string }[],
    outputNames: string[],
  ): tf.Tensor[];
  deleteSavedModel(session: number): void;
  write(values: unknown, shape: number[], dtype: tf.DataType): object;
  readSync(dataId: object): unknown;
  read(dataId: object): Promise<unknown>;
  refCount(dataId: object): number;
}

/** The native backend, or undefined where another one runs. */
export function nativeBackend(): NativeBackend | undefined {
  if (tf.getBackend() !== "tensorflow") return undefined;
  return tf.backend() as unknown as NativeBackend;
}

/** Attributes of an operation by their names: the form of this library, turned into the addon's. */
export type NativeAttributeValues = Record<
  string,
  boolean | string | { float: number } | { type: tf.DataType }
>;

/** Turns attributes into the form that the addon takes. */
export function nativeAttributes(binding: NativeBinding, values: NativeAttributeValues): NativeAttribute[] {
  return Object.entries(values).map(([name, value]) => {
    if (typeof value === "boolean") return { name, type: binding.TF_ATTR_BOOL, value };
    if (typeof value === "string") return { name, type: binding.TF_ATTR_STRING, value };
    if ("float" in value) return { name, type: binding.TF_ATTR_FLOAT, value: value.float };
    return { name, type: binding.TF_ATTR_TYPE, value: nativeDataTypes[value.type] };
  });
}

/** An attribute as the addon takes it, turned into a graph's; undefined for a type that graphs here don't have. */
export function graphAttribute(
  binding: NativeBinding,
  { type, value }: NativeAttribute,
): AttributeValue | undefined {
  switch (type) {
    case binding.TF_ATTR_TYPE: {
      const name = graphTypes.find((each) => nativeDataTypes[each] === value);
      return name && { type: name };
    }
    case binding.TF_ATTR_INT:
      return Array.isArray(value) ? { integers: value as number[] } : { integer: value as number };
    case binding.TF_ATTR_FLOAT:
      return { float: value as number };
    case binding.TF_ATTR_BOOL:
      return { boolean: value as boolean };
    case binding.TF_ATTR_SHAPE:
      return { shape: value as number[] };
    default:
      return { text: value as string };
  }
}

const graphTypes = ["float32", "int32", "bool"] as const;

const nativeDataTypes: Record<tf.DataType, number> = {
  float32: 1,
  int32: 3,
  string: 7,
  complex64: 8,
  bool: 10,
};
