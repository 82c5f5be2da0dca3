import * as tf from "@tensorflow/tfjs";
import type { NamedTensors } from "../step";
import {
  bytesOf,
  encoderOf,
  type GpuBuffer,
  type GpuCommandEncoder,
  type GpuPipeline,
  submit,
  TENSOR_USAGE,
  type WebGpuBackend,
} from "./interfaces";
import type { DeviceRecording } from "./recording";
import type { VariablePlaces } from "./variable-places";

/** Inputs of so many bytes are written at once where they lie in the processor's memory; larger ones are uploaded once. */
const MOST_WRITTEN = 2 ** 16;

/** Puts the numbers of an input into its buffer. */
export function writeInput(backend: WebGpuBackend, tensor: tf.Tensor, target: GpuBuffer): void {
  const { dataId } = tensor;
  const bytes = bytesOf(tensor);
  const { values, resource, dtype } = backend.tensorMap.get(dataId);
  if (!resource && values && bytes <= MOST_WRITTEN) {
    const numbers = dtype === "float32" ? Float32Array : Int32Array;
    // Every run before this one was submitted, so what is written now is read by this one first.
    backend.queue.writeBuffer(target, 0, values instanceof numbers ? values : numbers.from(values));
    return;
  }
  backend.uploadToGPU(dataId);
  const source = backend.tensorMap.get(dataId).resource as GpuBuffer;
  encoderOf(backend).copyBufferToBuffer(source, 0, target, 0, bytes);
}

/** Does again what was recorded: the programs one after another, with three calls each and no other work of JavaScript. */
export function replay(
  backend: WebGpuBackend,
  places: VariablePlaces,
  recording: DeviceRecording,
  inputs: NamedTensors,
): tf.Tensor[] {
  const { commands, changes, outputs } = recording;
  for (const place of recording.places) places.refresh(place);
  for (const { place } of changes) places.separateClones(place);
  for (const [name, buffer] of recording.inputs) writeInput(backend, inputs[name] as tf.Tensor, buffer);
  const encoder = encoderOf(backend);
  const pass = encoder.beginComputePass();
  let current: GpuPipeline | undefined;
  for (const { pipeline, group, dispatch } of commands) {
    if (pipeline !== current) pass.setPipeline(pipeline);
    current = pipeline;
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(dispatch[0], dispatch[1], dispatch[2]);
  }
  pass.end();
  const results = outputs.map(({ buffer, shape, dtype }) => {
    const dataId = backend.write(null, shape, dtype);
    const own = backend.bufferManager.acquireBuffer(bytesOf({ shape }), TENSOR_USAGE);
    encoder.copyBufferToBuffer(buffer, 0, own, 0, own.size);
    backend.tensorMap.get(dataId).resource = own;
    return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype });
  });
  writeChanges(encoder, recording);
  submit(backend);
  forgetRead(backend, recording);
  return results;
}

/** Copies the new values of variables to their places. */
export function writeChanges(
  encoder: GpuCommandEncoder,
  { moves, changes }: Pick<DeviceRecording, "moves" | "changes">,
): void {
  for (const { from, to } of moves) encoder.copyBufferToBuffer(from, 0, to, 0, to.size);
  for (const { place, from } of changes)
    if (from) encoder.copyBufferToBuffer(from, 0, place.buffer, 0, place.buffer.size);
}

/** What was read of changed variables before is not their value any more. */
export function forgetRead(backend: WebGpuBackend, { changes }: Pick<DeviceRecording, "changes">): void {
  for (const { place } of changes) backend.tensorMap.get(place.dataId).values = null;
}
