import type * as tf from "@tensorflow/tfjs";
import type { RecordedOperation } from "./recording";

/** An operation of TensorFlow that changes variables in place. */
export type InPlaceChange = Omit<RecordedOperation, "inputs">;

/** What records a step while it runs. */
export interface ActiveRecorder {
  /** Takes the change as one operation of the recording. Returns false, with nothing done, where it can't. */
  changeInPlace(change: InPlaceChange, inputs: tf.Tensor[], eagerly: () => void): boolean;
  /** Runs what draws random numbers with a seed that is new at each run of the step. */
  drawAnew<T>(draw: () => T): T;
}

let active: ActiveRecorder | undefined;

/** Whether a step is being recorded now. */
export function isRecording(): boolean {
  return active !== undefined;
}

/** Runs work, of which a recorder is told. */
export function whileRecording<T>(recorder: ActiveRecorder, work: () => T): T {
  active = recorder;
  try {
    return work();
  } finally {
    active = undefined;
  }
}

/**
 * Runs one operation of TensorFlow that changes variables in place, such as `ResourceApplyAdam`, as part of the
 * step that is being recorded; outside of a recording it runs `eagerly` alone.
 *
 * @param inputs what the operation takes after the handles of the variables.
 * @param eagerly the same computation by operations of tfjs and `assign`.
 */
export function changeInPlace(
  kind: string,
  attributes: RecordedOperation["attributes"],
  changes: tf.Variable[],
  inputs: tf.Tensor[],
  eagerly: () => void,
): void {
  if (!active?.changeInPlace({ kind, attributes, changes }, inputs, eagerly)) eagerly();
}

/** Draws random numbers in JavaScript with a seed that is new at each run of the step. */
export function drawAnew<T>(draw: () => T): T {
  return active ? active.drawAnew(draw) : draw();
}
