import * as tf from "@tensorflow/tfjs";
import type { CompiledGraph } from "./compiled-graph";
import { BatchRules } from "./dynamic-batch";
import type { RecordedRun } from "./record";
import { isPure, type Recording } from "./recording";
import { declared, type InputDeclarations, type NamedTensors } from "./step";

/** Records the step on other inputs, leaving no trace. */
export type RecordSilently = (inputs: NamedTensors, expected?: Recording) => RecordedRun<unknown>;

/**
 * The one graph that serves every batch size of a step that changes nothing, and the sizes at which it was found to be
 * right. Only the first size and a small one are behind its rules: at each other size the step itself is asked once.
 */
export class AnyBatch {
  graph: CompiledGraph | undefined;
  rules: BatchRules | undefined;
  private readonly trusted = new Set<number>();
  /** What the step did at the small size. */
  private small: Recording | undefined;
  /** Names of the inputs whose first axis, and no other, is free. */
  private readonly batched: readonly string[];
  /** Whether the step may have such a graph. */
  private possible: boolean;

  constructor(declarations: InputDeclarations) {
    const free = Object.keys(declarations).filter((name) =>
      declared(declarations[name]!).shape.includes(null),
    );
    this.batched = free.filter((name) => !declared(declarations[name]!).shape.slice(1).includes(null));
    this.possible = free.length > 0 && this.batched.length === free.length;
  }

  /** The batch size of inputs, where they have one in common that is not 0. */
  sizeOf(inputs: NamedTensors): number | undefined {
    const sizes = new Set(this.batched.map((name) => inputs[name]?.shape[0]));
    const [size] = sizes;
    return this.possible && sizes.size === 1 && size ? size : undefined;
  }

  /** Whether the graph is known to be right at this size. */
  serves(size: number): boolean {
    return this.trusted.has(size);
  }

  trust(size: number): void {
    this.trusted.add(size);
  }

  /**
   * Infers how the step follows from its batch size, from a recording and two more at a small size: two, which takes
   * little time, or one where it was two, or two where it was one. The second of these must repeat the first.
   */
  infer(recording: Recording, inputs: NamedTensors, record: RecordSilently): BatchRules | undefined {
    if (this.sizeOf(inputs) === undefined) return undefined;
    if (this.rules || !isPure(recording)) return undefined;
    const small = this.shrink(inputs);
    try {
      const first = record(small);
      const second = record(small, first.recording);
      if (second.difference || second.created.length > 0) return undefined;
      const rules = BatchRules.infer(recording, first.recording, this.batched);
      this.possible = rules !== undefined;
      this.small = first.recording;
      return rules;
    } catch {
      // A step that names its batch size in a shape fails at every other; it gets a graph for its own.
      this.possible = false;
      return undefined;
    }
  }

  /** Serves every size from now on at which the rules are found to hold. */
  use(graph: CompiledGraph, rules: BatchRules): CompiledGraph {
    this.graph = graph;
    this.rules = rules;
    for (const recording of [graph.recording, this.small as Recording])
      this.trust(recording.inputs.find(({ name }) => name === this.batched[0])!.shape[0] as number);
    return graph;
  }

  /** The first difference from what the step did at the small size, when it is asked again. */
  differenceNow(inputs: NamedTensors, record: RecordSilently): Error | undefined {
    return record(this.shrink(inputs), this.small).difference;
  }

  dispose(): void {
    this.graph?.dispose();
    this.graph = undefined;
    this.rules = undefined;
    this.small = undefined;
    this.trusted.clear();
  }

  private shrink(inputs: NamedTensors): NamedTensors {
    const known = this.small?.inputs.find(({ name }) => name === this.batched[0])?.shape[0];
    return Object.fromEntries(
      Object.entries(inputs).map(([name, x]) => {
        if (!this.batched.includes(name)) return [name, x];
        const size = x.shape[0] as number;
        const wanted = known ?? (size === 2 ? 1 : 2);
        return [name, size >= wanted ? tf.slice(x, 0, wanted) : tf.concat([x, x])];
      }),
    );
  }
}
