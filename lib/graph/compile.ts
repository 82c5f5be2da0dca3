import { useFusedGradients } from "./fused-gradients";
import { mendWasm } from "./mend-wasm";
import type { CallInputs, InputDeclarations, NamedTensors, StepInputs, StepOutput } from "./step";
import { StepGraphs } from "./step-graphs";

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
 * - JavaScript in the step, such as `console.log`, runs only while it is recorded.
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
