import * as tf from "@tensorflow/tfjs";
import { whileRecording } from "../active-recorder";
import { type NamedTensors, OutputForm, ownTensors, type StepOutput, tensorsOf } from "../step";
import { DeviceRecorder } from "./device-recorder";
import { bytesOf, encoderOf, type GpuBuffer, submit, TENSOR_USAGE, type WebGpuBackend } from "./interfaces";
import type { DeviceRecording } from "./recording";
import type { SharedBuffers } from "./recording-buffers";
import { forgetRead, writeChanges, writeInput } from "./replay";
import type { VariablePlaces } from "./variable-places";

/** What running a step while recording it gave. */
export interface DeviceRun<Output> {
  outputs: Output;
  /** What can be repeated; nothing where the step has to run eagerly for good. */
  recording?: DeviceRecording;
  /** Names of variables that the step created. */
  created: string[];
}

/** What recordings of one backend have in common. */
export interface Shared {
  places: VariablePlaces;
  buffers: SharedBuffers;
  /** How many there are. */
  recordings: number;
}

/**
 * Runs a step eagerly and writes down what it does on the device. Variables change as they do in any eager run.
 * @throws UserError when the step does what can't be repeated; the message names the operation and the line.
 */
export function record<Output extends StepOutput>(
  backend: WebGpuBackend,
  { places, buffers }: Shared,
  step: (inputs: NamedTensors) => Output,
  inputs: NamedTensors,
): DeviceRun<Output> {
  const before = new Set(Object.values(tf.engine().registeredVariables));
  for (const variable of before) places.separate(variable);
  submit(backend);
  const recorder = new DeviceRecorder(backend, places, buffers, before);
  const values = new Map([...before].map((variable) => [variable, variable.dataId]));
  let recording: DeviceRecording | undefined;
  let created: string[] = [];
  const outputs = tf.tidy(() => {
    const given = Object.entries(inputs).map(([name, x]) => copyInput(backend, recorder, name, x));
    const copies = Object.fromEntries(given.map(({ name, tensor }) => [name, tensor]));
    recorder.attach();
    try {
      const made = tf.tidy(() => ownTensors(whileRecording(recorder, () => step(copies))));
      if (recorder.refusal) throw recorder.refusal;
      created = namesOf(registeredSince(before));
      if (created.length === 0 && !recorder.eagerForGood) {
        recording = summarise(backend, recorder, values, made, given);
        if (recording) settle(backend, recorder, recording);
      }
      return made;
    } catch (failure) {
      throw recorder.refusal ?? failure;
    } finally {
      recorder.leaveBuffers();
      recorder.detach();
      if (!recording) recorder.discard();
    }
  });
  return { outputs, created, ...(recording && { recording }) };
}

interface GivenInput {
  name: string;
  tensor: tf.Tensor;
  buffer: GpuBuffer;
}

/** The input in a buffer of the recording's own, known to be that input and nothing else, even when one is given twice. */
function copyInput(backend: WebGpuBackend, recorder: DeviceRecorder, name: string, x: tf.Tensor): GivenInput {
  const { shape, dtype } = x;
  const buffer = backend.bufferManager.acquireBuffer(bytesOf(x), TENSOR_USAGE);
  recorder.held.push(buffer);
  writeInput(backend, x, buffer);
  const dataId = backend.write(null, shape, dtype);
  Object.assign(backend.tensorMap.get(dataId), { resource: buffer, external: true });
  recorder.nameInput(dataId, name);
  return { name, tensor: tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype }), buffer };
}

/** What can be repeated; nothing where a result is empty, which needs no device. */
function summarise(
  backend: WebGpuBackend,
  recorder: DeviceRecorder,
  before: ReadonlyMap<tf.Variable, object>,
  outputs: StepOutput,
  inputs: readonly GivenInput[],
): DeviceRecording | undefined {
  const tensors = tensorsOf(outputs);
  if (tensors.some(({ size }) => size === 0)) return undefined;
  const results = tensors.map(({ dataId, shape, dtype }) => ({
    buffer: recorder.bufferOf(dataId),
    shape: [...shape],
    dtype,
    source: recorder.sourceOf(dataId),
  }));
  const changes: Change[] = [];
  for (const [variable, dataId] of before) {
    if (variable.isDisposed) continue;
    if (variable.dataId !== dataId) {
      const [source, from] = [recorder.sourceOf(variable.dataId), recorder.bufferOf(variable.dataId)];
      changes.push({ place: recorder.placeToFill(variable), from, source });
    } else if (recorder.changedInPlace.has(variable))
      changes.push({ place: recorder.placeOf(variable, dataId), source: recorder.sourceOf(dataId) });
  }
  const { moves, free } = freeOfPlaces(backend, recorder, changes);
  return {
    commands: recorder.commands,
    inputs: new Map(inputs.map(({ name, buffer }) => [name, buffer])),
    places: [...recorder.places.values()],
    moves,
    changes: free,
    outputs: results,
    form: OutputForm.of(outputs),
    captured: [...recorder.captured],
    held: recorder.held,
    discard: () => recorder.discard(),
  };
}

type Change = DeviceRecording["changes"][number];

/** Where a variable gets the value of another one, that value is set aside first: its own place may be written before. */
function freeOfPlaces(backend: WebGpuBackend, recorder: DeviceRecorder, changes: readonly Change[]) {
  const buffers = new Set([...recorder.places.values()].map(({ buffer }) => buffer));
  const moves: { from: GpuBuffer; to: GpuBuffer }[] = [];
  const free = changes.map((change) => {
    if (!change.from || !buffers.has(change.from)) return change;
    const to = recorder.inPool(() => backend.bufferManager.acquireBuffer(change.from!.size, TENSOR_USAGE));
    recorder.held.push(to);
    moves.push({ from: change.from, to });
    return { ...change, from: to };
  });
  return { moves, free };
}

/** Brings the new values of variables to their places, as every repetition will. */
function settle(backend: WebGpuBackend, recorder: DeviceRecorder, recording: DeviceRecording): void {
  const moved = recording.changes.filter(({ from }) => from).map(({ place }) => place);
  recorder.inPool(() => {
    for (const place of moved) recorder.variablePlaces.separateClones(place);
  });
  writeChanges(encoderOf(backend), recording);
  submit(backend);
  for (const place of moved) recorder.variablePlaces.settle(place);
  forgetRead(backend, recording);
}

function registeredSince(before: ReadonlySet<tf.Variable>): tf.Variable[] {
  return Object.values(tf.engine().registeredVariables).filter((variable) => !before.has(variable));
}

const namesOf = (variables: readonly tf.Variable[]) => variables.map(({ name }) => name);
