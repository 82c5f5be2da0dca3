import type * as tf from "@tensorflow/tfjs";
import { refuseDifference, refuseOther } from "../refusals";
import type { OutputForm } from "../step";
import type { Dispatch, GpuBuffer } from "./interfaces";
import type { VariablePlace } from "./variable-places";

/** One program that ran on the device, with the buffers that it ran on. */
export interface Command extends Dispatch {
  /** The operation of TensorFlow.js that it belongs to. */
  kind: string;
  /** Where its inputs come from, and what else it was told. */
  inputs: readonly string[];
  told: string;
}

/** A result of the step. */
export interface RecordedResult {
  buffer: GpuBuffer;
  shape: number[];
  dtype: tf.DataType;
  /** Where it comes from. */
  source: string;
}

/** What one run of a step did on the device, to be done again on the same buffers. */
export interface DeviceRecording {
  commands: readonly Command[];
  inputs: ReadonlyMap<string, GpuBuffer>;
  /** The variables that it reads or changes. */
  places: readonly VariablePlace[];
  /** Values that are set aside before variables change. */
  moves: readonly { from: GpuBuffer; to: GpuBuffer }[];
  /** Those that have another value afterwards; in a buffer of another tensor, where they were not changed in place. */
  changes: readonly { place: VariablePlace; from?: GpuBuffer; source: string }[];
  outputs: readonly RecordedResult[];
  form: OutputForm;
  /** Tensors from outside of the step, by their `dataId`s. */
  captured: readonly object[];
  /** Buffers that belong to this recording alone: its inputs, constants and the numbers that programs are told. */
  held: readonly GpuBuffer[];
  /** Gives up the buffers and the variables' places. */
  discard(): void;
}

/** The first difference between two recordings of one step at the same shapes, as a sentence. */
export function differenceBetween(before: DeviceRecording, now: DeviceRecording): Error | undefined {
  for (const [i, command] of now.commands.entries()) {
    const other = before.commands[i];
    if (!other) return refuseDifference(command.kind, "the presence");
    if (
      other.pipeline !== command.pipeline ||
      other.told !== command.told ||
      other.dispatch.some((count, axis) => count !== command.dispatch[axis])
    )
      return refuseDifference(command.kind, "the kind or an attribute");
    const differs = command.inputs.findIndex((source, k) => source !== other.inputs[k]);
    if (differs >= 0 || other.inputs.length !== command.inputs.length)
      return refuseDifference(command.kind, `input ${differs + 1}`);
  }
  const missing = before.commands[now.commands.length];
  if (missing) return refuseDifference(missing.kind, "the presence");
  const results = ({ outputs }: DeviceRecording) =>
    outputs.map(({ source, shape }) => `${source} [${shape}]`).join();
  if (!now.form.equals(before.form) || results(before) !== results(now))
    return refuseOther("The step returned other results than when it was recorded before");
  const changes = (recording: DeviceRecording) =>
    recording.changes.map(({ place, source }) => `${place.variable.id} ${source}`).join();
  if (changes(before) !== changes(now))
    return refuseOther(
      "The step changed other variables, or in another way, than when it was recorded before",
    );
  return undefined;
}
