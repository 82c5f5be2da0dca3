import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import { CompiledGraph } from "./compiled-graph";
import { writeDynamicGraph } from "./dynamic-batch";
import { type NativeBackend, nativeBackend } from "./native-backend";
import { isRecording, type RecordedRun, record } from "./record";
import { isPure, type Recording } from "./recording";
import { syncVariables } from "./shared-variables";
import {
  checkInputs,
  declared,
  type InputDeclarations,
  inFormOf,
  type NamedTensors,
  ownTensors,
  type StepOutput,
} from "./step";
import { writeGraph } from "./write-graph";

/** Graphs of different shapes that one compiled step keeps; the one unused for longest makes way for a new one. */
const keptGraphs = 4;

/** What is known of a step at one combination of input shapes. */
interface ShapeEntry {
  recording?: Recording;
  /** Whether the recording has been found to repeat itself. */
  verified?: boolean;
  graph?: CompiledGraph;
}

/** Decides for each call of one compiled step whether it runs eagerly, is recorded, or runs a graph. */
export class StepGraphs<Output extends StepOutput> {
  private readonly entries = new Map<string, ShapeEntry>();
  private anyBatch: CompiledGraph | undefined;
  private fixedBatch = false;
  private verified = false;
  private createdBefore = false;
  private form: Output | undefined;
  private readonly batched: string[];

  constructor(
    private readonly step: (inputs: NamedTensors) => Output,
    private readonly declarations: InputDeclarations,
  ) {
    this.batched = Object.keys(declarations).filter((name) => {
      const [first, ...rest] = declared(declarations[name]!).shape;
      return first === null && !rest.includes(null);
    });
    const free = Object.values(declarations).filter((each) => declared(each).shape.includes(null));
    this.fixedBatch = this.batched.length === 0 || this.batched.length < free.length;
  }

  get count(): number {
    return [...this.entries.values()].filter(({ graph }) => graph).length + (this.anyBatch ? 1 : 0);
  }

  call(given: Readonly<Record<string, tf.Tensor | number>>): Output {
    return tf.tidy(() => {
      const inputs = checkInputs(this.declarations, given);
      const backend = nativeBackend();
      // Inside the recording of another step this one becomes part of that graph.
      if (!backend || isRecording()) return ownTensors(this.step(inputs));
      return this.callGraph(backend, inputs);
    });
  }

  sync(): void {
    for (const graph of this.all()) graph.sync();
  }

  dispose(): void {
    for (const graph of this.all()) graph.dispose();
    this.entries.clear();
    this.anyBatch = undefined;
  }

  private all(): CompiledGraph[] {
    const fixed = [...this.entries.values()].flatMap(({ graph }) => graph ?? []);
    return this.anyBatch ? [this.anyBatch, ...fixed] : fixed;
  }

  private callGraph(backend: NativeBackend, inputs: NamedTensors): Output {
    if (this.anyBatch) return this.run(this.anyBatch, inputs);
    const entry = this.entryFor(inputs);
    if (entry.recording && !entry.verified) {
      this.anyBatch = this.compileForAnyBatch(backend, inputs, entry.recording);
      if (this.anyBatch) return this.run(this.anyBatch, inputs);
    }
    if (entry.recording && entry.verified) {
      entry.graph = new CompiledGraph(backend, entry.recording, writeGraph(entry.recording));
      entry.recording = undefined;
    }
    if (entry.graph) return this.run(entry.graph, inputs);
    const { outputs, recording, created } = this.recordStep(backend, inputs, entry.recording);
    if (created.length === 0) {
      this.verified ||= entry.recording !== undefined;
      entry.verified = this.verified;
      entry.recording = recording;
    }
    return outputs;
  }

  private run(graph: CompiledGraph, inputs: NamedTensors): Output {
    return inFormOf(this.form as Output, graph.run(inputs));
  }

  private recordStep(
    backend: NativeBackend,
    inputs: NamedTensors,
    expected?: Recording,
  ): RecordedRun<Output> {
    // The step runs eagerly now, so the `tf.Variable`s must have their newest values.
    syncVariables(Object.values(tf.engine().registeredVariables));
    const run = record(backend, this.step, inputs, expected);
    // An optimiser creates its slots in its first step; what is created at every step would never end.
    if (run.created.length > 0 && this.createdBefore)
      throw new UserError(
        `The step creates the variable ${run.created[0]} at every call; create it once, outside the step.`,
      );
    this.createdBefore = run.created.length > 0;
    this.form = run.outputs;
    return run;
  }

  private compileForAnyBatch(
    backend: NativeBackend,
    inputs: NamedTensors,
    recording: Recording,
  ): CompiledGraph | undefined {
    if (this.fixedBatch || !isPure(recording)) return undefined;
    const other = this.recordAtAnotherBatch(backend, inputs);
    const written = other && writeDynamicGraph(recording, other, this.batched);
    this.fixedBatch = written === undefined;
    if (!written) return undefined;
    this.entries.clear();
    return new CompiledGraph(backend, recording, written);
  }

  /**
   * Records the step with another batch size: two, which takes little time, or one where it was two,
   * or doubled where it was one.
   */
  private recordAtAnotherBatch(backend: NativeBackend, inputs: NamedTensors): Recording | undefined {
    const others = Object.entries(inputs).map(([name, x]) => {
      if (!this.batched.includes(name)) return [name, x];
      const size = x.shape[0] as number;
      return [name, size > 1 ? tf.slice(x, 0, size > 2 ? 2 : 1) : tf.concat([x, x])];
    });
    try {
      return this.recordStep(backend, Object.fromEntries(others)).recording;
    } catch {
      // A step that names its batch size in a shape fails at every other; it gets a graph for its own.
      return undefined;
    }
  }

  private entryFor(inputs: NamedTensors): ShapeEntry {
    const key = Object.values(inputs)
      .map(({ shape }) => shape.join("×"))
      .join(" ");
    const entry = this.entries.get(key) ?? {};
    this.entries.delete(key);
    this.entries.set(key, entry);
    for (const [oldest, { graph }] of this.entries) {
      if (this.entries.size <= keptGraphs) break;
      graph?.dispose();
      this.entries.delete(oldest);
    }
    return entry;
  }
}
