import { requireWhole } from "../runtime/checks";
import {
  type CallInputs,
  checkDeclarations,
  type InputDeclarations,
  type NamedTensors,
  type StepInputs,
  type StepOutput,
} from "./step";
import { StepGraphs } from "./step-graphs";

/** A step that runs as one graph call. */
export interface CompiledStep<Inputs extends InputDeclarations, Output> {
  /**
   * Runs the step.
   * @throws UserError when an input does not fit its declaration, or the step does what a graph can't hold.
   */
  (inputs: CallInputs<Inputs>): Output;
  /**
   * Brings the values of all variables from the graphs to their `tf.Variable`s with one call. It need not be called:
   * whoever uses a variable gets its newest value by itself.
   */
  sync(): void;
  /** Brings the variables back and frees the graphs; a later call records anew. */
  dispose(): void;
  /** How many graphs or recordings are ready now: 0 while the step still runs eagerly, and on backends that have none. */
  readonly graphs: number;
}

/** What a compiled step is told. */
export interface CompileOptions<Inputs extends InputDeclarations> {
  /** Its inputs by their names, with the sizes of their axes. */
  inputs: Inputs;
  /**
   * How many graphs are kept, at least 1; the one unused for longest makes way for a new one, which is said once on the
   * console. Without it as many are kept as have at most 1 GiB of constants and variables.
   */
  keep?: number;
  /**
   * Runs every n-th call eagerly beside the graph, without a trace in any variable, and refuses a difference by name: to
   * find out whether something changes that the step takes from outside its inputs. That call takes as long as an eager
   * one. It counts on the native backend.
   */
  check?: number;
}

/**
 * Turns ordinary TensorFlow.js code, a forward pass or a whole training step, into one TensorFlow graph.
 *
 * On the native backend, where `startTensorFlow` started it, the first calls run eagerly and are recorded; from then on
 * a call is one run of a graph, which TensorFlow optimises as a whole and in which the variables live. On WebGPU the
 * programs of the device are recorded instead, and repeated on the same buffers with nearly no JavaScript: for each
 * combination of shapes, of which the 16 used last are kept; a step that draws from `StepRandom`, or around which gradients are
 * taken, runs eagerly there. On other backends every call runs eagerly. Callers need not know the difference: results,
 * variables, the state of optimisers and random streams are those of eager code, to rounding.
 *
 * - The first call at given shapes is recorded. The second is recorded as well and compared with it, so that
 *   numbers that change between steps are found out rather than frozen. Later shapes are recorded once.
 * - A step that changes no variable and whose inputs all have a free first axis becomes one graph for every batch
 *   size. The first call at each size costs an eager run more than the others: what the step does there is compared with
 *   what the graph would do, and where they differ, that size has a graph of its own. Every other step has a graph for
 *   each combination of shapes.
 * - What the step takes from outside its inputs becomes part of the graph: tensors and numbers as constants,
 *   `tf.Variable`s as variables. Numbers that change, such as a learning rate, are declared as inputs of shape `[]`.
 *   A tensor that is disposed makes the step be recorded anew; what else changes outside is found by `check`, and where
 *   a new batch size makes the step run.
 * - JavaScript in the step, such as `console.log`, runs only while it is recorded.
 * - Variables behave as in eager code: reading, saving or using a `tf.Variable` gives its newest value, assigning to it
 *   counts, and several compiled steps may share it.
 * - Gradients may be taken around the call, with respect to inputs and variables, any number of times. For a step
 *   that changes no variable they are computed by a compiled graph, otherwise such a call runs eagerly.
 *
 * @example
 * const adam = new Adam(weights);
 * const step = compile(
 *   ({ tokens, labels, learningRate }) =>
 *     adam.minimize(() => softmaxCrossEntropy(model(tokens), labels).mean(), learningRate),
 *   { inputs: { tokens: [null, 196, 112], labels: { shape: [null], dtype: "int32" }, learningRate: [] } },
 * );
 * const loss = step({ tokens, labels, learningRate: 1e-3 });
 * @throws UserError when `keep` or `check` is no whole number from 1 on, or an input's declaration is no shape.
 */
export function compile<const Inputs extends InputDeclarations, Output extends StepOutput>(
  step: (inputs: StepInputs<Inputs>) => Output,
  { inputs, keep, check }: CompileOptions<Inputs>,
): CompiledStep<Inputs, Output> {
  for (const [name, value] of Object.entries({ keep, check }))
    if (value !== undefined) requireWhole(`\`${name}\` of a compiled step`, value, 1);
  checkDeclarations(inputs);
  const graphs = new StepGraphs(step as unknown as (inputs: NamedTensors) => Output, inputs, { keep, check });
  const call = (given: CallInputs<Inputs>) => graphs.call(given);
  return Object.defineProperties(call, {
    sync: { value: () => graphs.sync() },
    dispose: { value: () => graphs.dispose() },
    graphs: { get: () => graphs.count },
  }) as CompiledStep<Inputs, Output>;
}
