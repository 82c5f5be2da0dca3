import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import { insideStep } from "./inside-step";
import { replaceMember } from "./interception";
import { type NativeBinding, nativeBackend } from "./native-backend";
import { record } from "./record";
import type { NamedTensors, StepOutput } from "./step";

/** How often an operation of TensorFlow ran in one step. */
export interface OperationCount {
  /** As TensorFlow names it, such as `MatMul`. */
  kind: string;
  count: number;
}

/** How often, and how long in all. */
export interface OperationTime extends OperationCount {
  milliseconds: number;
}

/** What one step is made of. */
export interface StepProfile {
  /** Each operation is a call of its own, so that its time is known; longest first. On a GPU: time to start it. */
  eager: OperationTime[];
  /** What is written into the graph, most frequent first; TensorFlow joins and drops some of it when it loads. */
  graph: OperationCount[];
}

/**
 * Runs a step twice, eagerly, and tells which operations of TensorFlow it is made of, eagerly and as a graph.
 * @throws UserError on a backend other than the native one, or when the step can't be recorded.
 */
export function profileStep(
  step: (inputs: Record<string, tf.Tensor>) => StepOutput,
  inputs: NamedTensors,
): StepProfile {
  const backend = nativeBackend();
  if (!backend) throw new UserError("A step can be profiled on the native backend only.");
  const { outputs, recording } = insideStep(() => record(backend, step, inputs));
  tf.dispose(outputs);
  const counts = new Map<string, number>();
  for (const { kind } of recording.operations) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return {
    eager: timeOperations(() => insideStep(() => tf.tidy(() => void step(inputs)))),
    graph: [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count),
  };
}

function timeOperations(work: () => void): OperationTime[] {
  const backend = nativeBackend()!;
  const { binding } = backend;
  const times = new Map<string, OperationTime>();
  const executeOp: NativeBinding["executeOp"] = (kind, ...rest) => {
    const start = performance.now();
    const results = binding.executeOp(kind, ...rest);
    const time = times.get(kind) ?? { kind, count: 0, milliseconds: 0 };
    time.count++;
    time.milliseconds += performance.now() - start;
    times.set(kind, time);
    return results;
  };
  const restore = replaceMember(
    backend,
    "binding",
    Object.create(binding, { executeOp: { value: executeOp } }) as NativeBinding,
  );
  try {
    work();
  } finally {
    restore();
  }
  return [...times.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}
