import * as tf from "@tensorflow/tfjs";
import type { AttributeValue, ConstantValues, GraphDataType } from "./graph-writer";
import type { OutputForm } from "./step";

/** Where an operation's input, or a step's output, comes from. */
export type ValueSource =
  | { from: "input"; name: string }
  /** The variable's value when the step begins. */
  | { from: "variable"; variable: tf.Variable }
  /** The variable's value after an operation that changed it in place. */
  | { from: "updated variable"; variable: tf.Variable; operation: number }
  | { from: "operation"; operation: number; output: number }
  | { from: "constant"; constant: number };

/** One operation of TensorFlow as it was executed. */
export interface RecordedOperation {
  kind: string;
  attributes: Record<string, AttributeValue>;
  inputs: ValueSource[];
  /** Variables that the operation changes in place; their handles come before its inputs. */
  changes: tf.Variable[];
}

/** A value that is the same at every run: a number of the step's code, or a tensor made before it. */
export interface RecordedConstant {
  type: GraphDataType;
  shape: number[];
  /** Read when they are asked for, where they are those of a tensor outside. */
  readonly values: ConstantValues;
  /** The tensor made before the step whose values these are, by its `dataId`. */
  captured?: object;
}

/** A result of the step. */
export interface RecordedOutput {
  type: GraphDataType;
  source: ValueSource;
}

/** What one eager run of a step did, in the order in which it was done. */
export interface Recording {
  inputs: { name: string; type: GraphDataType; shape: number[] }[];
  operations: RecordedOperation[];
  constants: RecordedConstant[];
  /** Every variable that the step read or changed. */
  variables: tf.Variable[];
  /** Variables with a new value when the step ended, other than by a change in place. */
  assignments: { variable: tf.Variable; source: ValueSource }[];
  outputs: RecordedOutput[];
  form: OutputForm;
}

/** Whether a run leaves no trace but its results. */
export function isPure(recording: Recording): boolean {
  return (
    recording.assignments.length === 0 && recording.operations.every(({ changes }) => changes.length === 0)
  );
}

/** The variables that a run gives a new value. */
export function changedVariables(recording: Recording): tf.Variable[] {
  const inPlace = recording.operations.flatMap(({ changes }) => changes);
  return [...new Set([...recording.assignments.map(({ variable }) => variable), ...inPlace])];
}

/** Whether two sources are the same place. */
export function sameSource(a: ValueSource, b: ValueSource): boolean {
  if (a.from === "input" && b.from === "input") return a.name === b.name;
  if (a.from === "variable" && b.from === "variable") return a.variable === b.variable;
  if (a.from === "updated variable" && b.from === "updated variable")
    return a.variable === b.variable && a.operation === b.operation;
  if (a.from === "operation" && b.from === "operation")
    return a.operation === b.operation && a.output === b.output;
  return a.from === "constant" && b.from === "constant" && a.constant === b.constant;
}

/** Whether two constants hold the same bits. One whose tensor is gone is the same as none but itself. */
export function sameConstant(a: RecordedConstant, b: RecordedConstant): boolean {
  if (a.type !== b.type || !sameNumbers(a.shape, b.shape)) return false;
  if (a.captured && a.captured === b.captured) return true;
  return isReadable(a) && isReadable(b) && sameBytes(a.values, b.values);
}

/** The tensors outside of the step that a recording rests on, by their `dataId`s. */
export function capturedBy({ constants }: Recording): object[] {
  return [...new Set(constants.flatMap(({ captured }) => captured ?? []))];
}

/** Whether tensors are still there. */
export function areAlive(dataIds: readonly object[]): boolean {
  const { tensorInfo } = (tf.engine() as unknown as { state: { tensorInfo: WeakMap<object, unknown> } })
    .state;
  return dataIds.every((dataId) => tensorInfo.has(dataId));
}

/** Whether two sources give the same value: the same place, or constants of the same bits. */
export function sameValue(
  a: { source: ValueSource | undefined; constants: readonly RecordedConstant[] },
  b: { source: ValueSource; constants: readonly RecordedConstant[] },
): boolean {
  if (a.source?.from === "constant" && b.source.from === "constant") {
    const [first, second] = [a.constants[a.source.constant], b.constants[b.source.constant]];
    return first !== undefined && second !== undefined && sameConstant(first, second);
  }
  return a.source !== undefined && sameSource(a.source, b.source);
}

/** Whether two operations are of one kind with equal attributes; their inputs are not looked at. */
export function sameKind(a: RecordedOperation, b: RecordedOperation): boolean {
  return a.kind === b.kind && JSON.stringify(a.attributes) === JSON.stringify(b.attributes);
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function isReadable({ captured }: RecordedConstant): boolean {
  return captured === undefined || areAlive([captured]);
}

function sameBytes(a: ConstantValues, b: ConstantValues): boolean {
  const [first, second] = [bytesOf(a), bytesOf(b)];
  return first.length === second.length && first.every((byte, i) => byte === second[i]);
}

function bytesOf(values: ConstantValues): Uint8Array | Int32Array {
  if (values.byteOffset % 4 === 0 && values.byteLength % 4 === 0)
    return new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4);
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
