import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import type { CompiledGraph } from "./compiled-graph";
import type { NativeBackend } from "./native-backend";
import { record } from "./record";
import { changedVariables, type Recording } from "./recording";
import { type NamedTensors, type StepOutput, tensorsOf } from "./step";
import { Snapshot, withoutTape } from "./without-trace";

/** How far a graph may be from the eager step, as a share of the largest number of a tensor. */
const tolerance = 1e-3;
/** The same where the step is known to do something else than its graph. */
const strict = 1e-5;

/**
 * Runs a graph, and the step eagerly beside it from the same values of all variables. What counts is the graph's run:
 * the eager one leaves no trace.
 * @param expected what the step did when it was recorded.
 * @throws UserError naming the outputs and variables that differ, and the operation where the step left its recording;
 *   the variables then have the values from before the call.
 */
export function runChecked(
  backend: NativeBackend,
  step: (inputs: NamedTensors) => StepOutput,
  inputs: NamedTensors,
  graph: CompiledGraph,
  expected: Recording,
): tf.Tensor[] {
  return withoutTape(() => {
    const eager = runEagerly(backend, step, inputs, expected);
    const before = new Snapshot();
    let end: () => void = () => before.discard();
    try {
      const outputs = graph.run(inputs);
      const changed = new Set([...graph.changes, ...eager.values.keys()]);
      const limit = eager.difference ? strict : tolerance;
      const differing = [
        ...outputs
          .map((output, i) => (differs(output, eager.outputs[i], limit) ? eager.describe(i) : ""))
          .filter((name) => name !== ""),
        ...[...changed]
          .filter((variable) => {
            const was = before.of(variable);
            // Where a step rests on rounding alone, an optimiser makes as much of it as of anything else.
            const moved =
              was && !eager.difference ? 2 * largestDifference(eager.values.get(variable) ?? was, was) : 0;
            return differs(variable, eager.values.get(variable) ?? was, limit, moved);
          })
          .map(({ name }) => `the variable ${name}`),
      ];
      if (!eager.difference && differing.length === 0) return outputs;
      end = () => before.restore();
      throw new UserError(sentence(differing, eager.difference));
    } finally {
      end();
      tf.dispose([eager.outputs, [...eager.values.values()]]);
    }
  });
}

interface EagerRun {
  outputs: tf.Tensor[];
  describe(index: number): string;
  values: Map<tf.Variable, tf.Tensor>;
  difference: Error | undefined;
}

function runEagerly(
  backend: NativeBackend,
  step: (inputs: NamedTensors) => StepOutput,
  inputs: NamedTensors,
  expected: Recording,
): EagerRun {
  const before = new Snapshot();
  try {
    const { outputs, recording, difference } = record(backend, step, inputs, expected);
    const values = new Map(
      changedVariables(recording).map((variable) => [variable, tf.keep(tf.clone(variable as tf.Tensor))]),
    );
    return { outputs: tensorsOf(outputs), describe: (i) => recording.form.describe(i), values, difference };
  } finally {
    before.restore();
  }
}

function differs(graph: tf.Tensor, eager: tf.Tensor | undefined, limit: number, allowed = 0): boolean {
  if (!eager || graph.dtype !== eager.dtype || !tf.util.arraysEqual(graph.shape, eager.shape)) return true;
  const [a, b] = [graph.dataSync(), eager.dataSync()];
  let largest = 0;
  for (const value of b) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return b.some((value, i) => {
    const other = a[i] as number;
    return !Object.is(value, other) && !(Math.abs(other - value) <= limit * largest + allowed);
  });
}

function largestDifference(one: tf.Tensor, other: tf.Tensor): number {
  const [a, b] = [Array.from(one.dataSync()), other.dataSync()];
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] as number))), 0);
}

function sentence(differing: readonly string[], difference: Error | undefined): string {
  const names = differing.length > 0 ? differing.join(", ") : "nothing yet";
  const where = difference ? ` ${difference.message}` : "";
  return (
    `A compiled step was checked against its eager run, and they differ in: ${names}.${where} ` +
    "The graph keeps what the step's closure held when it was recorded: give what changes as an input, or dispose " +
    "the step, so that the next call records it anew."
  );
}
