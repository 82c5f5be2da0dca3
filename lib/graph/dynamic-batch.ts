import type { ConstantValues, GraphWriter } from "./graph-writer";
import {
  isPure,
  type RecordedConstant,
  type Recording,
  sameConstant,
  sameKind,
  sameSource,
} from "./recording";
import { inputName, plainConstant, type WrittenGraph, writeGraph } from "./write-graph";

/** How whole numbers follow from the batch size: `slope · batch + offset`, number by number. */
interface AffineNumbers {
  slope: Int32Array;
  offset: Int32Array;
}

/** How a constant follows from the batch size: by its numbers, or by its shape alone, one number filling it. */
type BatchConstant = { numbers: AffineNumbers } | { shape: AffineNumbers };

/**
 * How a step that changes nothing follows from its batch size, inferred from two recordings of it that differ in it.
 *
 * The batch size enters a recording only by constants: as whole numbers, such as the sizes given to a reshape, or as
 * the shape of one repeated number, such as `tf.ones`. Each that differs between the two recordings is taken to grow
 * evenly with the size. Two sizes can't prove that, so what is inferred has to be checked at every other size.
 */
export class BatchRules {
  private constructor(
    private readonly base: Recording,
    private readonly batched: readonly string[],
    private readonly rules: ReadonlyMap<number, BatchConstant>,
  ) {}

  /**
   * Returns undefined where more than numbers and shapes differs between the recordings: the step changes variables,
   * or divides by the batch size.
   * @param batched names of the inputs whose first axis is the batch.
   */
  static infer(one: Recording, other: Recording, batched: readonly string[]): BatchRules | undefined {
    const input = batched[0];
    if (input === undefined || !isPure(one) || !sameOperations(one, other)) return undefined;
    const rules = batchConstants(one, other, [batchSize(one, input), batchSize(other, input)]);
    return rules && new BatchRules(one, batched, rules);
  }

  /** What a recording of the step at this batch size has to be. */
  recordingAt(size: number): Recording {
    const constants = this.base.constants.map((constant, i) => {
      const rule = this.rules.get(i);
      return rule ? constantAt(rule, constant, size) : constant;
    });
    const inputs = this.base.inputs.map((input) =>
      this.batched.includes(input.name) ? { ...input, shape: [size, ...input.shape.slice(1)] } : input,
    );
    return { ...this.base, inputs, constants };
  }

  /** Whether the step, recorded beside `recordingAt`, did what that says. */
  holdFor(run: { recording: Recording; difference: Error | undefined }): boolean {
    return run.difference === undefined && isPure(run.recording);
  }

  /** Writes the graph that computes each constant that follows from the batch size from the size of an input. */
  write(): WrittenGraph {
    const { base, batched, rules } = this;
    const inputIndex = base.inputs.findIndex(({ name }) => name === batched[0]);
    const { type } = base.inputs[inputIndex]!;
    let batch: string | undefined;
    const inputShapes = new Map(
      base.inputs.map(({ name, shape }) => [
        name,
        shape.map((size, axis) => (axis === 0 && batched.includes(name) ? null : size)),
      ]),
    );
    return writeGraph(base, {
      inputShapes,
      writeConstant: (graph, constant, index) => {
        const rule = rules.get(index);
        if (!rule) return plainConstant(graph, constant);
        batch ??= writeFirstSize(graph, inputName(inputIndex), type);
        if ("numbers" in rule) return writeNumbers(graph, rule.numbers, constant.shape, batch);
        const shape = writeNumbers(graph, rule.shape, [constant.shape.length], batch);
        const value = graph.constant(constant.values.slice(0, 1), []);
        return graph.operation("Fill", [shape, value], {
          T: { type: constant.type },
          index_type: { type: "int32" },
        });
      },
    });
  }
}

function constantAt(
  rule: BatchConstant,
  { type, shape, values }: RecordedConstant,
  size: number,
): RecordedConstant {
  if ("numbers" in rule) return { type, shape, values: numbersAt(rule.numbers, size) };
  const sizes = [...numbersAt(rule.shape, size)];
  const count = sizes.reduce((product, each) => product * Math.max(each, 0), 1);
  const filled = new (values.constructor as new (length: number) => ConstantValues)(count);
  return { type, shape: sizes, values: filled.fill(values[0] as number) };
}

function numbersAt({ slope, offset }: AffineNumbers, size: number): Int32Array {
  return slope.map((value, k) => value * size + (offset[k] as number));
}

function batchSize(recording: Recording, input: string): number {
  return recording.inputs.find(({ name }) => name === input)!.shape[0] as number;
}

function sameOperations(one: Recording, other: Recording): boolean {
  return (
    one.operations.length === other.operations.length &&
    one.constants.length === other.constants.length &&
    one.form.equals(other.form) &&
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

function batchConstants(
  one: Recording,
  other: Recording,
  sizes: [number, number],
): Map<number, BatchConstant> | undefined {
  const found = new Map<number, BatchConstant>();
  for (const [i, constant] of one.constants.entries()) {
    const partner = other.constants[i] as RecordedConstant;
    if (sameConstant(constant, partner)) continue;
    const rule = batchConstant(constant, partner, sizes);
    if (!rule) return undefined;
    found.set(i, rule);
  }
  return found;
}

function batchConstant(
  one: RecordedConstant,
  other: RecordedConstant,
  sizes: [number, number],
): BatchConstant | undefined {
  if (one.type !== other.type) return undefined;
  if (one.values instanceof Int32Array && other.values instanceof Int32Array) {
    const numbers = affineNumbers(one.values, other.values, sizes);
    if (numbers) return { numbers };
  }
  const [value] = one.values;
  const filled = one.values.every((each) => each === value) && other.values.every((each) => each === value);
  const shape = affineNumbers(Int32Array.from(one.shape), Int32Array.from(other.shape), sizes);
  return filled && value !== undefined && shape ? { shape } : undefined;
}

function affineNumbers(
  one: Int32Array,
  other: Int32Array,
  [size, otherSize]: [number, number],
): AffineNumbers | undefined {
  if (one.length !== other.length) return undefined;
  const slope = one.map((value, k) => ((other[k] as number) - value) / (otherSize - size));
  const offset = one.map((value, k) => value - (slope[k] as number) * size);
  return slope.every((value, k) => value * otherSize + offset[k]! === other[k])
    ? { slope, offset }
    : undefined;
}

function writeNumbers(
  graph: GraphWriter,
  { slope, offset }: AffineNumbers,
  shape: readonly number[],
  batch: string,
): string {
  const scaled = graph.operation("Mul", [graph.constant(slope, shape), batch], { T: { type: "int32" } });
  return graph.operation("AddV2", [scaled, graph.constant(offset, shape)], { T: { type: "int32" } });
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
