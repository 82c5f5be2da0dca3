import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import { CompiledGraph } from "./compiled-graph";
import { writeDynamicGraph } from "./dynamic-batch";
import { useFusedGradients } from "./fused-gradients";
import { mendWasm } from "./mend-wasm";
import { type NativeBackend, nativeBackend } from "./native-backend";
import { isRecording, type RecordedRun, record } from "./record";
import { isPure, type Recording } from "./recording";
import { syncVariables } from "./shared-variables";
import {
  type CallInputs,
  checkInputs,
  declared,
  type InputDeclarations,
  inFormOf,
  type NamedTensors,
  type StepInputs,
  type StepOutput,
} from "./step";
import { writeGraph } from "./write-graph";

/** Graphs of different shapes that one compiled step keeps; the one unused for longest makes way for a new one. */
const keptGraphs = 4;

/** A step that runs as one graph call. */
export interface CompiledStep<Inputs extends InputDeclarations, Output> {
  /**
   * Runs the step.
   * @throws UserError when an input does not fit its declaration, or the step does what a graph can't hold.
   */
  (inputs: CallInputs<Inputs>): Output;
  /** Brings the values of the variables from the graph back to their `tf.Variable`s; call it before you read them. */
  sync(): void;
  /** Brings the variables back and frees the graphs; a later call records anew. */
  dispose(): void;
  /** How many graphs are loaded now: 0 while the step still runs eagerly, and on backends without graphs. */
  readonly graphs: number;
}

/**
 * Turns ordinary TensorFlow.js code, a forward pass or a whole training step, into one TensorFlow graph.
 *
 * On the native backend the first calls run eagerly and are recorded; from then on a call is one run of a graph,
 * which TensorFlow optimises as a whole and in which the variables live. On other backends every call runs
 * eagerly, so that callers need not know the difference.
 *
 * - The first call at given shapes is recorded. The second is recorded as well and compared with it, so that
 *   numbers that change between steps are found out rather than frozen. Later shapes are recorded once.
 * - A step that changes no variable and whose inputs all have a free first axis becomes one graph for every batch
 *   size, where nothing but shapes depends on it. Otherwise each new shape has a graph of its own (four are kept);
 *   the variables follow from one graph to the next by themselves.
 * - What the step takes from outside its inputs becomes part of the graph: tensors and numbers as constants,
 *   `tf.Variable`s as variables. Numbers that change, such as a learning rate, are declared as inputs of shape `[]`.
 * - Variables changed by a graph are brought back to their `tf.Variable`s by `sync()`. Assigning to a
 *   `tf.Variable`, and sharing it between several compiled steps, needs no call.
 *
 * @example
 * const adam = new Adam(weights);
 * const step = compile(
 *   ({ tokens, labels, learningRate }) =>
 *     adam.minimize(() => softmaxCrossEntropy(model(tokens), labels).mean(), learningRate),
 *   { inputs: { tokens: [null, 196, 112], labels: { shape: [null], dtype: "int32" }, learningRate: [] } },
 * );
 * const loss = step({ tokens, labels, learningRate: 1e-3 });
 * step.sync();
 */
export function compile<const Inputs extends InputDeclarations, Output extends StepOutput>(
  step: (inputs: StepInputs<Inputs>) => Output,
  { inputs }: { inputs: Inputs },
): CompiledStep<Inputs, Output> {
  useFusedGradients();
  mendWasm();
  const graphs = new StepGraphs(step as unknown as (inputs: NamedTensors) => Output, inputs);
  const call = (given: CallInputs<Inputs>) => graphs.call(given);
  return Object.defineProperties(call, {
    sync: { value: () => graphs.sync() },
    dispose: { value: () => graphs.dispose() },
    graphs: { get: () => graphs.count },
  }) as CompiledStep<Inputs, Output>;
}

/** What is known of a step at one combination of input shapes. */
interface ShapeEntry {
  recording?: Recording;
  /** Whether the recording has been found to repeat itself. */
  verified?: boolean;
  graph?: CompiledGraph;
}

/** The graphs of one compiled step. */
class StepGraphs<Output extends StepOutput> {
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
      if (!backend || isRecording()) return this.step(inputs);
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
    const { recording: other } = this.recordStep(backend, this.atAnotherBatch(inputs));
    const written = writeDynamicGraph(recording, other, this.batched);
    this.fixedBatch = written === undefined;
    if (!written) return undefined;
    this.entries.clear();
    return new CompiledGraph(backend, recording, written);
  }

  /** The same inputs with a batch that is one smaller, or doubled where it was one. */
  private atAnotherBatch(inputs: NamedTensors): NamedTensors {
    return Object.fromEntries(
      Object.entries(inputs).map(([name, x]) => {
        if (!this.batched.includes(name)) return [name, x];
        const size = x.shape[0] as number;
        return [name, size > 1 ? tf.slice(x, 0, size - 1) : tf.concat([x, x])];
      }),
    );
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
