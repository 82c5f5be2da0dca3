import * as tf from "@tensorflow/tfjs";
import type { CompiledGraph } from "./compiled-graph";
import { insideStep } from "./inside-step";
import {
  declared,
  type InputDeclarations,
  type NamedTensors,
  ownTensors,
  type StepOutput,
  tensorsOf,
} from "./step";
import { type Connections, findConnections, putOnTape, tape } from "./tape";
import { stateOf } from "./variable-state";
import { withoutTape } from "./without-trace";

/** A step that runs as a graph, as far as this file needs it. */
export interface GradientStep {
  readonly count: number;
  call(given: NamedTensors): tf.Tensor[];
  dispose(): void;
}

/** Compiles a step. */
export type CompileGradient = (
  step: (inputs: NamedTensors) => tf.Tensor[],
  declarations: InputDeclarations,
) => GradientStep;

/** Outputs that depend on the same tensors: one operation on the tape. */
interface OutputGroup {
  key: string;
  indices: number[];
  connections: Connections;
}

/**
 * Lets gradients flow through the graph of a step that changes nothing, when they are taken around its call.
 *
 * On the tape of TensorFlow.js the graph is an operation that takes the step's inputs and its variables. Its gradient is
 * a compiled step as well, which computes the outputs once more on its way, and it can be derived again.
 */
export class StepGradients {
  private readonly known = new WeakMap<CompiledGraph, OutputGroup[]>();
  private readonly steps = new Map<string, GradientStep>();
  /** What a group's gradient was last asked for; it will be asked for the same. */
  private readonly asked = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly step: (inputs: NamedTensors) => StepOutput,
    private readonly declarations: InputDeclarations,
    private readonly compile: CompileGradient,
  ) {}

  get count(): number {
    return [...this.steps.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** Runs the graph while a tape is on: the first time eagerly, to see which output depends on what. */
  run(graph: CompiledGraph, inputs: NamedTensors): tf.Tensor[] {
    const groups = this.known.get(graph);
    if (!groups) return this.watch(graph, inputs);
    const outputs = graph.run(inputs);
    for (const group of groups) {
      const taped = this.connect(graph, inputs, group, outputs);
      for (const [k, index] of group.indices.entries()) outputs[index] = taped[k] as tf.Tensor;
    }
    return outputs;
  }

  dispose(): void {
    for (const step of this.steps.values()) step.dispose();
    this.steps.clear();
  }

  private watch(graph: CompiledGraph, inputs: NamedTensors): tf.Tensor[] {
    // Copies, so that each input is known to be that one even when one tensor is given twice.
    const copies = Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, tf.clone(x)]));
    const { result, nodes } = tape.watch(() => ownTensors(insideStep(() => this.step(copies))));
    const outputs = tensorsOf(result);
    const groups = new Map<string, OutputGroup>();
    const found = findConnections(nodes, sourcesOf(graph, copies), outputs);
    for (const [index, connections] of found.entries()) {
      if (connections.size === 0) continue;
      const key = JSON.stringify([...connections]);
      const group = groups.get(key) ?? { key, indices: [], connections };
      group.indices.push(index);
      groups.set(key, group);
    }
    this.known.set(graph, [...groups.values()]);
    return outputs;
  }

  private connect(
    graph: CompiledGraph,
    inputs: NamedTensors,
    group: OutputGroup,
    outputs: readonly tf.Tensor[],
  ): tf.Tensor[] {
    const { variables } = graph.recording;
    const versions = variables.map((variable) => stateOf(variable).version);
    const sources = sourcesOf(graph, inputs);
    const names = [...group.connections.keys()];
    return putOnTape({
      inputs: Object.fromEntries(names.map((name) => [name, sources.get(name) as tf.Tensor])),
      outputs: group.indices.map((index) => outputs[index] as tf.Tensor),
      saved: [...Object.values(inputs), ...variables],
      gradient: (dys, saved) => {
        const values = Object.fromEntries(
          Object.keys(inputs).map((name, i) => [name, saved[i] as tf.Tensor]),
        );
        const valuesOfVariables = saved.slice(Object.keys(inputs).length);
        const compute = (wanted: readonly string[]) =>
          withValues(variables, versions, valuesOfVariables, () =>
            this.compute(graph, group, wanted, values, dys),
          );
        return this.gradientsOf(group, compute);
      },
    });
  }

  /** Computes what is likely to be asked for at once, and the rest when it is asked for. */
  private gradientsOf(
    { key, connections }: OutputGroup,
    compute: (wanted: readonly string[]) => Map<string, tf.Tensor>,
  ): Record<string, () => tf.Tensor> {
    const likely = [...(this.asked.get(key) ?? [])];
    const asked = new Set<string>();
    this.asked.set(key, asked);
    const computed = likely.length > 0 ? compute(likely) : new Map<string, tf.Tensor>();
    return Object.fromEntries(
      [...connections].map(([name, { blockedBy }]) => [
        name,
        () => {
          if (blockedBy !== undefined)
            throw new Error(`Cannot compute gradient: gradient function not found for ${blockedBy}.`);
          asked.add(name);
          return computed.get(name) ?? (compute([name]).get(name) as tf.Tensor);
        },
      ]),
    );
  }

  private compute(
    graph: CompiledGraph,
    group: OutputGroup,
    wanted: readonly string[],
    inputs: NamedTensors,
    dys: readonly tf.Tensor[],
  ): Map<string, tf.Tensor> {
    const arriving = Object.fromEntries(
      group.indices.map((index, k) => [this.unusedName(`gradient of output ${index}`), dys[k] as tf.Tensor]),
    );
    const step = this.gradientStep(graph, group, wanted, inputs, arriving);
    const call = () => step.call({ ...inputs, ...arriving });
    // Where no tape is on, TensorFlow.js still holds the one that it walks back along; a step with a gradient inside
    // would begin another in its place.
    const gradients = tape.isOn() ? call() : withoutTape(call);
    return new Map(wanted.map((name, i) => [name, gradients[i] as tf.Tensor]));
  }

  private gradientStep(
    graph: CompiledGraph,
    { key, indices }: OutputGroup,
    wanted: readonly string[],
    inputs: NamedTensors,
    arriving: NamedTensors,
  ): GradientStep {
    const declarations = { ...this.declarations, ...this.declareGradients(inputs, arriving) };
    const text = JSON.stringify([key, indices, wanted, declarations, Object.keys(arriving)]);
    const known = this.steps.get(text);
    if (known) return known;
    const made = this.compile((given) => {
      const sources = sourcesOf(graph, given);
      const dys = Object.keys(arriving).map((name) => given[name] as tf.Tensor);
      return gradientsThrough(
        () => {
          const outputs = tensorsOf(this.step(only(given, inputs)));
          return indices.map((index) => outputs[index] as tf.Tensor);
        },
        wanted.map((name) => sources.get(name) as tf.Tensor),
        dys,
      );
    }, declarations);
    this.steps.set(text, made);
    return made;
  }

  /** A name that no input has: a gradient's own step has inputs of such names already. */
  private unusedName(name: string): string {
    return name in this.declarations ? this.unusedName(`${name}, derived`) : name;
  }

  /** A gradient whose first axis is the batch may come in any size, as the inputs do. */
  private declareGradients(inputs: NamedTensors, arriving: NamedTensors): InputDeclarations {
    const batched = Object.entries(this.declarations).find(([, each]) => declared(each).shape[0] === null);
    const size = batched && inputs[batched[0]]?.shape[0];
    return Object.fromEntries(
      Object.entries(arriving).map(([name, { shape }]) => [
        name,
        shape.map((each, axis) => (axis === 0 && each === size ? null : each)),
      ]),
    );
  }
}

/** The tensors that gradients of a graph flow to, by names that tell inputs and variables apart. */
function sourcesOf(graph: CompiledGraph, inputs: NamedTensors): Map<string, tf.Tensor> {
  return new Map<string, tf.Tensor>([
    ...graph.recording.inputs.map(({ name }) => [`input ${name}`, inputs[name]] as [string, tf.Tensor]),
    ...graph.recording.variables.map(
      (variable) => [`variable ${variable.name}`, variable] as [string, tf.Tensor],
    ),
  ]);
}

function only(given: NamedTensors, like: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.keys(like).map((name) => [name, given[name] as tf.Tensor]));
}

/** The gradients of the outputs, weighted by what arrives at them and added up. */
function gradientsThrough(
  outputs: () => tf.Tensor[],
  sources: tf.Tensor[],
  dys: readonly tf.Tensor[],
): tf.Tensor[] {
  const [single] = dys.length === 1 ? dys : [];
  const weighted = () => tf.addN(outputs().map((output, k) => tf.sum(tf.mul(output, dys[k] as tf.Tensor))));
  const { grads } = tf.engine().gradients(single ? () => outputs()[0]! : weighted, sources, single, true);
  return grads.map((gradient, i) => gradient ?? tf.zerosLike(sources[i] as tf.Tensor));
}

/** Runs work while the variables have the values that they had when their versions were these. */
function withValues<T>(
  variables: readonly tf.Variable[],
  versions: readonly number[],
  values: readonly tf.Tensor[],
  work: () => T,
): T {
  const changed = [...variables.entries()].filter(
    ([i, variable]) => stateOf(variable).version !== versions[i],
  );
  const now = changed.map(([, variable]) => tf.keep(tf.clone(variable as tf.Tensor)));
  for (const [i, variable] of changed) variable.assign(values[i] as tf.Tensor);
  try {
    return work();
  } finally {
    for (const [k, [, variable]] of changed.entries()) variable.assign(now[k] as tf.Tensor);
    tf.dispose(now);
  }
}
