import type { GraphWriter } from "./graph-writer";
import {
  isPure,
  type RecordedConstant,
  type Recording,
  sameConstant,
  sameKind,
  sameSource,
} from "./recording";
import { inputName, plainConstant, type WrittenGraph, writeGraph } from "./write-graph";

/** How a constant follows from the batch size: `slope · batch + offset`, number by number. */
interface AffineConstant {
  slope: Int32Array;
  offset: Int32Array;
}

/**
 * Writes one graph that serves every batch size, out of two recordings of the same step that differ in it.
 *
 * The batch size enters a recording only as whole numbers in constants: the sizes given to a reshape, for
 * example. Each that differs between the two recordings is computed from the size of an input instead. Returns
 * undefined where more than that differs: the step changes variables, or divides by the batch size.
 *
 * @param batched names of the inputs whose first axis is the batch.
 */
export function writeDynamicGraph(
  one: Recording,
  other: Recording,
  batched: readonly string[],
): WrittenGraph | undefined {
  const input = batched[0];
  if (input === undefined || !isPure(one) || !sameOperations(one, other)) return undefined;
  const affine = affineConstants(one, other, [batchSize(one, input), batchSize(other, input)]);
  if (!affine) return undefined;
  const index = one.inputs.findIndex(({ name }) => name === input);
  const { type } = one.inputs[index]!;
  let batch: string | undefined;
  const inputShapes = new Map(
    one.inputs.map(({ name, shape }) => [
      name,
      shape.map((size, axis) => (axis === 0 && batched.includes(name) ? null : size)),
    ]),
  );
  return writeGraph(one, {
    inputShapes,
    writeConstant: (graph, constant, index) => {
      const rule = affine.get(index);
      if (!rule) return plainConstant(graph, constant);
      batch ??= writeFirstSize(graph, inputName(index), type);
      const slope = graph.constant(rule.slope, constant.shape);
      const scaled = graph.operation("Mul", [slope, batch], { T: { type: "int32" } });
      const offset = graph.constant(rule.offset, constant.shape);
      return graph.operation("AddV2", [scaled, offset], { T: { type: "int32" } });
    },
  });
}

function batchSize(recording: Recording, input: string): number {
  return recording.inputs.find(({ name }) => name === input)!.shape[0] as number;
}

function sameOperations(one: Recording, other: Recording): boolean {
  return (
    one.operations.length === other.operations.length &&
    one.constants.length === other.constants.length &&
    one.outputs.length === other.outputs.length &&
    one.operations.every((operation, i) => {
      const partner = other.operations[i]!;
      return (
        sameKind(operation, partner) &&
        operation.inputs.length === partner.inputs.length &&
        operation.inputs.every((source, k) => sameSource(source, partner.inputs[k]!))
      );
    }) &&
    one.outputs.every(({ source }, i) => sameSource(source, other.outputs[i]!.source))
  );
}

function affineConstants(
  one: Recording,
  other: Recording,
  [size, otherSize]: [number, number],
): Map<number, AffineConstant> | undefined {
  const found = new Map<number, AffineConstant>();
  for (const [i, constant] of one.constants.entries()) {
    const partner = other.constants[i] as RecordedConstant;
    if (sameConstant(constant, partner)) continue;
    const { values } = constant;
    if (!(values instanceof Int32Array) || !(partner.values instanceof Int32Array)) return undefined;
    if (values.length !== partner.values.length) return undefined;
    const slope = values.map((value, k) => ((partner.values[k] as number) - value) / (otherSize - size));
    const offset = values.map((value, k) => value - (slope[k] as number) * size);
    if (slope.some((value, k) => value * otherSize + offset[k]! !== partner.values[k])) return undefined;
    found.set(i, { slope, offset });
  }
  return found;
}

/** Writes the size of a placeholder's first axis as a single int32 number. */
function writeFirstSize(graph: GraphWriter, placeholder: string, type: "float32" | "int32" | "bool"): string {
  const shape = graph.operation("Shape", [placeholder], { T: { type }, out_type: { type: "int32" } });
  const [begin, end, stride] = [0, 1, 1].map((value) => graph.constant(Int32Array.of(value), [1]));
  return graph.operation("StridedSlice", [shape, begin!, end!, stride!], {
    T: { type: "int32" },
    Index: { type: "int32" },
    shrink_axis_mask: { integer: 1 },
  });
}
