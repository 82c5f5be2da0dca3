import type * as tf from "@tensorflow/tfjs";
import type { AttributeValue, ConstantValues, GraphDataType } from "./graph-writer";

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
  values: ConstantValues;
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

/** Whether two constants hold the same bits. */
export function sameConstant(a: RecordedConstant, b: RecordedConstant): boolean {
  return a.type === b.type && sameNumbers(a.shape, b.shape) && bytesOf(a.values).equals(bytesOf(b.values));
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

function bytesOf(values: ConstantValues): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
