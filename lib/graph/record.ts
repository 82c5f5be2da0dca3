import * as tf from "@tensorflow/tfjs";
import { whileRecording } from "./active-recorder";
import type { GraphDataType } from "./graph-writer";
import { type NativeBackend, nativeAttributes } from "./native-backend";
import { Recorder } from "./recorder";
import { changedVariables, type Recording, sameValue, type ValueSource } from "./recording";
import { refuseOther } from "./refusals";
import { type NamedTensors, OutputForm, ownTensors, type StepOutput, tensorsOf } from "./step";
import { fetchVariables, stateOf } from "./variable-state";

/** What running a step while recording it gave. */
export interface RecordedRun<Output> {
  outputs: Output;
  recording: Recording;
  /** The first difference from the recording that was expected, as a sentence. */
  difference: Error | undefined;
  /** Names of variables that the step created: the slots of an optimiser at its first step, for example. */
  created: string[];
}

/**
 * Runs a step eagerly and writes down the operations of TensorFlow that it is made of. Variables change as they
 * do in any eager run.
 *
 * @param expected an earlier recording of the step at the same shapes, which this one is compared with.
 * @throws UserError when the step does what a graph can't repeat; the message names the operation and the line.
 */
export function record<Output extends StepOutput>(
  backend: NativeBackend,
  step: (inputs: NamedTensors) => Output,
  inputs: NamedTensors,
  expected?: Recording,
): RecordedRun<Output> {
  const before = new Set(Object.values(tf.engine().registeredVariables));
  // The step runs eagerly, so the `tf.Variable`s must have their newest values.
  fetchVariables(before);
  for (const variable of before) ownValue(backend, variable);
  const recorder = new Recorder(backend, expected);
  let recording: Recording | undefined;
  const outputs = tf.tidy(() => {
    // A copy of each input is known to be that input and nothing else, even when one tensor is given twice.
    const copies = Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, copy(backend, x)]));
    for (const [name, tensor] of Object.entries(copies)) recorder.name(tensor, { from: "input", name });
    for (const variable of before) recorder.name(variable, { from: "variable", variable });
    const values = new Map([...before].map((variable) => [variable, variable.dataId]));
    const given = runRecorded(recorder, () => step(copies));
    recording = summarise(recorder, copies, values, given);
    return ownTensors(given);
  });
  const made = recording as unknown as Recording;
  const difference = recorder.difference ?? (expected && differentResults(expected, made));
  return { outputs, recording: made, difference, created: createdSince(before) };
}

function runRecorded<Output>(recorder: Recorder, step: () => Output): Output {
  recorder.attach();
  let outputs: Output;
  try {
    outputs = whileRecording(recorder, step);
    recorder.finish();
  } catch (failure) {
    // What the step did wrong explains the failure that it led to.
    throw recorder.refusal ?? recorder.difference ?? failure;
  } finally {
    recorder.detach();
  }
  if (recorder.refusal) throw recorder.refusal;
  if (outputs instanceof Promise)
    throw refuseOther("The step is asynchronous; a compiled step must be done when it returns");
  return outputs;
}

function summarise(
  recorder: Recorder,
  inputs: NamedTensors,
  before: ReadonlyMap<tf.Variable, object>,
  outputs: StepOutput,
): Recording {
  const assignments: Recording["assignments"] = [];
  for (const [variable, dataId] of before) {
    if (variable.isDisposed || variable.dataId === dataId) continue;
    const source = recorder.sourceOf(variable);
    // What an operation left in the variable itself is there already; another one's, or an earlier one's, is not.
    const last = recorder.operations.map(({ changes }) => changes.includes(variable)).lastIndexOf(true);
    const isThere =
      source.from === "updated variable" && source.variable === variable && source.operation === last;
    if (!isThere) assignments.push({ variable, source });
  }
  const outputSources = tensorsOf(outputs).map((tensor) => ({
    type: tensor.dtype as GraphDataType,
    source: recorder.sourceOf(tensor),
  }));
  const recording: Recording = {
    inputs: Object.entries(inputs).map(([name, { dtype, shape }]) => ({
      name,
      type: dtype as GraphDataType,
      shape: [...shape],
    })),
    operations: recorder.operations,
    constants: recorder.constants,
    variables: [],
    assignments,
    outputs: outputSources,
    form: OutputForm.of(outputs),
  };
  recording.variables = [...new Set([...recorder.variables(), ...changedVariables(recording)])];
  return recording;
}

/** The operations were compared one by one; this compares what became of their results. */
function differentResults(expected: Recording, recording: Recording): Error | undefined {
  const same = (before: ValueSource | undefined, source: ValueSource) =>
    sameValue({ source: before, constants: expected.constants }, { source, constants: recording.constants });
  const { outputs, assignments, form } = recording;
  const sameOutputs =
    form.equals(expected.form) && outputs.every(({ source }, i) => same(expected.outputs[i]?.source, source));
  const sameChanges = assignments.every(({ variable, source }, i) => {
    const before = expected.assignments[i];
    return before?.variable === variable && same(before.source, source);
  });
  if (!sameOutputs) return refuseOther("The step returned other results than when it was recorded before");
  if (!sameChanges || assignments.length !== expected.assignments.length)
    return refuseOther(
      "The step changed other variables, or in another way, than when it was recorded before",
    );
  return undefined;
}

/** Gives a variable a tensor of its own where it shares one, as it does with the tensor that it was made from. */
function ownValue(backend: NativeBackend, variable: tf.Variable): void {
  if (backend.refCount(variable.dataId) > 1) stateOf(variable).take(copy(backend, variable));
}

function copy(backend: NativeBackend, tensor: tf.Tensor): tf.Tensor {
  return backend.executeSingleOutput(
    "Identity",
    nativeAttributes(backend.binding, { T: { type: tensor.dtype } }),
    [tensor],
  );
}

function createdSince(before: ReadonlySet<tf.Variable>): string[] {
  return Object.values(tf.engine().registeredVariables)
    .filter((variable) => !before.has(variable))
    .map(({ name }) => name);
}
