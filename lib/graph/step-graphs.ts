import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import { isRecording } from "./active-recorder";
import { AnyBatch, type RecordSilently } from "./any-batch";
import { runChecked } from "./check";
import { CompiledGraph } from "./compiled-graph";
import { insideStep } from "./inside-step";
import { type NativeBackend, nativeBackend } from "./native-backend";
import { type RecordedRun, record } from "./record";
import { areAlive, capturedBy, isPure, type Recording } from "./recording";
import { canLoadGraphs } from "./session";
import { ShapeStates } from "./shape-states";
import { checkInputs, type InputDeclarations, type NamedTensors, ownTensors, type StepOutput } from "./step";
import { type GradientStep, StepGradients } from "./step-gradients";
import { type GraphOptions, type StepRunner, stepRunnerOf } from "./step-runner";
import { tape } from "./tape";
import { withoutTrace } from "./without-trace";
import { writeGraph } from "./write-graph";

/** Decides for each call of one compiled step whether it runs eagerly, is recorded, or runs a graph. */
export class StepGraphs<Output extends StepOutput> {
  private readonly states: ShapeStates;
  private readonly anyBatch: AnyBatch;
  private readonly gradients: StepGradients;
  /** Whether the step was found to repeat itself, at any shapes. */
  private repeats = false;
  private createdBefore = false;
  /** Runs the step where the backend has a way of its own to repeat it. */
  private runner: StepRunner<Output> | undefined;
  private graphRuns = 0;

  constructor(
    private readonly step: (inputs: NamedTensors) => Output,
    private readonly declarations: InputDeclarations,
    private readonly options: GraphOptions = {},
  ) {
    this.states = new ShapeStates(options.keep);
    this.anyBatch = new AnyBatch(declarations);
    this.gradients = new StepGradients(step, declarations, (gradient, inputs) => {
      const graphs = new StepGraphs(gradient, inputs, { keep: options.keep });
      return {
        call: (given) => graphs.call(given),
        dispose: () => graphs.dispose(),
        get count() {
          return graphs.count;
        },
      } satisfies GradientStep;
    });
  }

  get count(): number {
    return this.graphs.length + this.gradients.count + (this.runner?.count ?? 0);
  }

  call(given: Readonly<Record<string, tf.Tensor | number>>): Output {
    return tf.tidy(() => {
      const inputs = atTheirValues(checkInputs(this.declarations, given));
      const backend = nativeBackend();
      // Inside the recording of another step this one becomes part of that graph.
      if (isRecording()) return this.runEagerly(inputs);
      // On empty tensors TensorFlow's graphs end the whole process now and then (a division by zero); they gain nothing.
      if (Object.values(inputs).some(({ size }) => size === 0)) return this.runEagerly(inputs);
      if (!backend || !canLoadGraphs()) return this.runElsewhere(inputs);
      return tape.isOn() ? this.callOnTape(backend, inputs) : this.callGraph(backend, inputs);
    });
  }

  /** Other backends repeat a step in a way of their own, or run it eagerly. */
  private runElsewhere(inputs: NamedTensors): Output {
    this.runner ??= stepRunnerOf(tf.getBackend())?.(this.step, this.declarations, this.options);
    const eagerly = () => this.runEagerly(inputs);
    return this.runner ? this.runner.call(inputs, eagerly) : eagerly();
  }

  sync(): void {
    for (const graph of this.graphs) graph.sync();
  }

  dispose(): void {
    this.states.clear();
    this.anyBatch.dispose();
    this.gradients.dispose();
    this.runner?.dispose();
    this.repeats = false;
  }

  private get graphs(): CompiledGraph[] {
    const { graph } = this.anyBatch;
    return graph ? [graph, ...this.states.graphs] : this.states.graphs;
  }

  /** A call while gradients are taken around it: by a graph where there is one, otherwise eagerly. */
  private callOnTape(backend: NativeBackend, inputs: NamedTensors): Output {
    const key = keyOf(inputs);
    this.forgetWhatIsGone(key);
    const state = this.states.get(key);
    const size = this.anyBatch.sizeOf(inputs);
    const shared =
      !state && size !== undefined && this.anyBatch.serves(size) ? this.anyBatch.graph : undefined;
    const graph = state?.stage === "compiled" ? state.graph : shared;
    if (graph && isPure(graph.recording))
      return graph.recording.form.fill(this.gradients.run(graph, inputs)) as Output;
    // What changes variables or draws random numbers can't be computed again for a gradient.
    const outputs = this.runEagerly(inputs);
    if (state?.stage === "eager") return outputs;
    const known = state?.stage === "compiled" ? state.graph.recording : state?.recording;
    // Brings the step nearer to a graph, unseen: what runs under a tape is not what a graph is made of.
    if (!known || isPure(known))
      tf.dispose(withoutTrace(() => this.callGraph(backend, inputs)) as tf.TensorContainer);
    return outputs;
  }

  private callGraph(backend: NativeBackend, inputs: NamedTensors): Output {
    const key = keyOf(inputs);
    this.forgetWhatIsGone(key);
    const state = this.states.get(key);
    switch (state?.stage) {
      case undefined:
        return this.firstCall(backend, key, inputs);
      case "recorded":
        return this.secondCall(backend, key, inputs, state.recording);
      case "repeated":
        return this.thirdCall(backend, key, inputs, state.recording);
      case "eager":
        return this.runEagerly(inputs);
      case "compiled":
        return this.runGraph(backend, inputs, state.graph, () => state.graph.recording);
    }
  }

  private firstCall(backend: NativeBackend, key: string, inputs: NamedTensors): Output {
    const size = this.anyBatch.sizeOf(inputs);
    const { graph, rules } = this.anyBatch;
    if (size === undefined || !graph || !rules) {
      const run = this.record(backend, inputs);
      // An optimiser creates its slots in its first step; that one is not like the others.
      if (run.created.length === 0) this.remember(key, run.recording);
      return run.outputs;
    }
    const expected = () => rules.recordingAt(size);
    if (this.anyBatch.serves(size)) return this.runGraph(backend, inputs, graph, expected);
    const run = this.record(backend, inputs, expected());
    if (rules.holdFor(run)) {
      this.anyBatch.trust(size);
      // The digits at a size don't depend on whether it was checked.
      return this.runGraph(backend, inputs, graph, expected);
    }
    const difference = this.anyBatch.differenceNow(inputs, this.recordSilently(backend));
    if (difference) this.refuse(difference);
    if (run.created.length === 0) this.remember(key, run.recording);
    return run.outputs;
  }

  private secondCall(
    backend: NativeBackend,
    key: string,
    inputs: NamedTensors,
    recording: Recording,
  ): Output {
    const rules = this.anyBatch.infer(recording, inputs, this.recordSilently(backend));
    if (rules) {
      this.repeats = true;
      this.states.delete(key);
      const graph = this.anyBatch.use(new CompiledGraph(backend, recording, rules.write()), rules);
      return this.runGraph(backend, inputs, graph, () => recording);
    }
    const run = this.record(backend, inputs, recording);
    if (run.difference) this.refuse(run.difference);
    if (run.created.length === 0) {
      this.repeats = true;
      this.remember(key, run.recording);
    }
    return run.outputs;
  }

  private thirdCall(backend: NativeBackend, key: string, inputs: NamedTensors, recording: Recording): Output {
    let graph: CompiledGraph;
    try {
      graph = new CompiledGraph(backend, recording, writeGraph(recording));
    } catch {
      this.states.set(key, { stage: "eager" });
      return this.runEagerly(inputs);
    }
    this.states.set(key, { stage: "compiled", graph });
    this.states.makeRoom();
    return this.runGraph(backend, inputs, graph, () => graph.recording);
  }

  private remember(key: string, recording: Recording): void {
    this.states.set(key, { stage: this.repeats ? "repeated" : "recorded", recording });
  }

  private runGraph(
    backend: NativeBackend,
    inputs: NamedTensors,
    graph: CompiledGraph,
    expected: () => Recording,
  ): Output {
    const { form } = graph.recording;
    const { check } = this.options;
    if (check === undefined || ++this.graphRuns % check !== 0) return form.fill(graph.run(inputs)) as Output;
    try {
      return form.fill(insideStep(() => runChecked(backend, this.step, inputs, graph, expected()))) as Output;
    } catch (error) {
      if (error instanceof UserError) this.dispose();
      throw error;
    }
  }

  private runEagerly(inputs: NamedTensors): Output {
    return ownTensors(insideStep(() => this.step(inputs)));
  }

  private record(backend: NativeBackend, inputs: NamedTensors, expected?: Recording): RecordedRun<Output> {
    const run = insideStep(() => record(backend, this.step, inputs, expected));
    // An optimiser creates its slots in its first step; what is created at every step would never end.
    if (run.created.length > 0 && this.createdBefore)
      throw new UserError(
        `The step creates the variable ${run.created[0]} at every call; create it once, outside the step.`,
      );
    this.createdBefore = run.created.length > 0;
    return run;
  }

  /** Records the step on inputs that nobody gave, so that nobody sees it. */
  private recordSilently(backend: NativeBackend): RecordSilently {
    return (inputs, expected) =>
      withoutTrace(() => insideStep(() => record(backend, this.step, inputs, expected)));
  }

  /** What was recorded with a tensor that is gone is no longer what the step does. */
  private forgetWhatIsGone(key: string): void {
    if (this.anyBatch.graph && !this.anyBatch.graph.isAlive) this.dispose();
    const state = this.states.get(key);
    if (!state || state.stage === "eager") return;
    const alive = state.stage === "compiled" ? state.graph.isAlive : areAlive(capturedBy(state.recording));
    if (!alive) this.states.delete(key);
  }

  /** Forgets a step that no longer does what was recorded, and says so. */
  private refuse(difference: Error): never {
    this.dispose();
    throw difference;
  }
}

/** A variable that is given as an input stands for its value now: the step may change it. */
function atTheirValues(inputs: NamedTensors): NamedTensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, x]) => [
      name,
      x instanceof tf.Variable ? tf.clone(x as tf.Tensor) : x,
    ]),
  );
}

function keyOf(inputs: NamedTensors): string {
  return Object.entries(inputs)
    .map(([name, { shape }]) => `${name} [${shape.join(", ")}]`)
    .join(", ");
}
