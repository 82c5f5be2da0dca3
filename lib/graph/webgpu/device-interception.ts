import type * as tf from "@tensorflow/tfjs";
import { interceptRandomness, replaceMember } from "../interception";
import type { BufferManager, GpuBuffer, ProgramUniforms, WebGpuBackend, WebGpuProgram } from "./interfaces";

/** A program that the backend is about to run. */
export interface ProgramRun {
  program: WebGpuProgram;
  output: tf.TensorInfo;
  inputs: tf.TensorInfo[];
  uniforms: ProgramUniforms | undefined;
}

/** What a recorder wants to hear of; what returns an error has it thrown where it happened. */
export interface DeviceListener {
  /** A tensor was made. */
  wrote(dataId: object): void;
  /** A kernel asks where it may compute with a tensor. */
  uses(dataId: object): void;
  /** A tensor is about to get its buffer. */
  uploads(dataId: object, original: (dataId: object) => void): void;
  /** A program is told numbers. */
  tells(
    uniforms: ProgramUniforms,
    original: (uniforms: ProgramUniforms) => { buffer: GpuBuffer },
  ): { buffer: GpuBuffer };
  /** A program runs; `work` runs it and returns the group of its buffers. */
  runs(run: ProgramRun, work: () => object): void;
  /** The values of a tensor are about to be read. */
  reads(dataId: object): Error | undefined;
  /** JavaScript is about to draw random numbers. */
  drawsRandomly(what: string): Error | undefined;
}

/** Stands between the kernels of the WebGPU backend and the device, and tells a listener what passes. Returns how to end that. */
export function interceptDevice(
  backend: WebGpuBackend,
  buffers: BufferManager,
  listener: DeviceListener,
): () => void {
  const undo: (() => void)[] = [];
  const replace = <T extends object, K extends keyof T>(target: T, key: K, value: T[K]) =>
    undo.push(replaceMember(target, key, value));
  replace(backend, "bufferManager", buffers);
  const write = backend.write.bind(backend);
  replace(backend, "write", (values, shape, dtype) => {
    const dataId = write(values, shape, dtype);
    listener.wrote(dataId);
    return dataId;
  });
  const uploadToGPU = backend.uploadToGPU.bind(backend);
  replace(backend, "uploadToGPU", (dataId) => listener.uploads(dataId, uploadToGPU));
  const shouldExecuteOnCPU = backend.shouldExecuteOnCPU.bind(backend);
  replace(backend, "shouldExecuteOnCPU", (inputs, threshold) => {
    for (const { dataId } of inputs) listener.uses(dataId);
    return shouldExecuteOnCPU(inputs, threshold);
  });
  const makeUniforms = backend.makeUniforms.bind(backend);
  replace(backend, "makeUniforms", (uniforms) => listener.tells(uniforms, makeUniforms));
  let group: object | undefined;
  const createBindGroup = backend.device.createBindGroup.bind(backend.device);
  replace(backend.device, "createBindGroup", (description) => {
    group = createBindGroup(description);
    return group;
  });
  const recordAndSubmit = backend.recordAndSubmit.bind(backend);
  replace(backend, "recordAndSubmit", (program, output, inputs, uniforms) =>
    listener.runs({ program, output, inputs, uniforms }, () => {
      recordAndSubmit(program, output, inputs, uniforms);
      return group as object;
    }),
  );
  const readSync = backend.readSync.bind(backend);
  replace(backend, "readSync", (dataId) => {
    const refused = listener.reads(dataId);
    if (refused) throw refused;
    return readSync(dataId);
  });
  // Thrown here it would reject a promise that nobody awaits inside of a step: the listener has to remember it.
  replace(backend, "read", async (dataId) => {
    listener.reads(dataId);
    return readSync(dataId);
  });
  undo.push(interceptRandomness((what) => listener.drawsRandomly(what)));
  return () => {
    for (const restore of undo.reverse()) restore();
  };
}
