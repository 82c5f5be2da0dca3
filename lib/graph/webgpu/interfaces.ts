import type * as tf from "@tensorflow/tfjs";

// What is used of WebGPU (https://www.w3.org/TR/webgpu/) and of TensorFlow.js's backend for it. The packages bring types of
// their own, but most checkouts do not have the packages, and those are compiled too.

export interface GpuBuffer {
  readonly size: number;
  readonly usage: number;
  readonly mapState: "unmapped" | "pending" | "mapped";
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface GpuQueue {
  writeBuffer(target: GpuBuffer, offset: number, values: Float32Array | Int32Array | Uint32Array): void;
}

/** A program on the device, and the buffers that it works on. */
export interface GpuPipeline {
  getBindGroupLayout(index: number): object;
}

export interface GpuBindGroupDescription {
  layout: object;
  entries: readonly { binding: number; resource: { buffer: GpuBuffer } }[];
}

export interface GpuComputePass {
  setPipeline(pipeline: GpuPipeline): void;
  setBindGroup(index: number, group: object): void;
  dispatchWorkgroups(x: number, y?: number, z?: number): void;
  end(): void;
}

export interface GpuCommandEncoder {
  beginComputePass(): GpuComputePass;
  copyBufferToBuffer(
    source: GpuBuffer,
    sourceOffset: number,
    target: GpuBuffer,
    targetOffset: number,
    size: number,
  ): void;
}

/** What computes. */
export interface GpuComputeDevice {
  readonly limits: Readonly<Record<string, number>>;
  createBindGroup(description: GpuBindGroupDescription): object;
  createShaderModule(options: { code: string }): object;
  createComputePipeline(options: {
    layout: "auto";
    compute: { module: object; entryPoint: string };
  }): GpuPipeline;
}

/** A tensor's place in the backend. */
export interface TensorData {
  dtype: "float32" | "int32" | "bool" | "string" | "complex64";
  shape: number[];
  /** The numbers, where they are in the processor's memory as well. */
  values?: Float32Array | Int32Array | Uint8Array | null;
  resource?: GpuBuffer | null;
  /** Whether the buffer belongs to somebody else, and is not freed with the tensor. */
  external?: boolean;
  complexTensorInfos?: { real: { dataId: object }; imag: { dataId: object } };
}

/** The pool in which the backend keeps freed buffers, by size and use. */
export interface BufferManager {
  numBytesUsed: number;
  numBytesAllocated: number;
  numFreeBuffers: number;
  freeBuffers: Map<string, GpuBuffer[]>;
  acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GpuBuffer;
  releaseBuffer(buffer: GpuBuffer, reuse?: boolean): void;
}

/** A program of TensorFlow.js, as the backend is about to run it. */
export interface WebGpuProgram {
  pipeline: GpuPipeline;
  dispatch: [number, number, number];
}

/** Numbers that a program is told besides its tensors. */
export type ProgramUniforms = readonly { type: string; data: readonly number[] }[];

/** `WebGPUBackend` of `@tensorflow/tfjs-backend-webgpu` 4.22, with the parts that are private there. */
export interface WebGpuBackend {
  readonly device: GpuComputeDevice;
  readonly queue: GpuQueue;
  bufferManager: BufferManager;
  readonly tensorMap: { has(dataId: object): boolean; get(dataId: object): TensorData };
  readonly commandEncoder: GpuCommandEncoder | null;
  computePassEncoder: GpuComputePass | null;
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly uniformPendingDisposal: GpuBuffer[];
  write(values: TensorData["values"], shape: readonly number[], dtype: tf.DataType): object;
  read(dataId: object): Promise<TensorData["values"]>;
  readSync(dataId: object): TensorData["values"];
  refCount(dataId: object): number;
  disposeData(dataId: object): boolean;
  submitQueue(): void;
  uploadToGPU(dataId: object): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  convertAndCacheOnCPU(dataId: object, values: TensorData["values"]): TensorData["values"];
  shouldExecuteOnCPU(inputs: tf.TensorInfo[], threshold?: number): boolean;
  makeUniforms(uniforms: ProgramUniforms): { buffer: GpuBuffer };
  recordAndSubmit(
    program: WebGpuProgram,
    output: tf.TensorInfo,
    inputs: tf.TensorInfo[],
    uniforms?: ProgramUniforms,
  ): void;
}

// GPUBufferUsage.
export const COPY_SRC = 4;
export const COPY_DST = 8;
export const UNIFORM = 64;
export const STORAGE = 128;
/** How tensors use their buffers. */
export const TENSOR_USAGE = STORAGE | COPY_SRC | COPY_DST;

/** Hands everything that waits over to the device. */
export function submit(backend: WebGpuBackend): void {
  backend.endComputePassEncoder();
  if (backend.commandEncoder) backend.submitQueue();
}

/** The backend's encoder, outside of any pass. */
export function encoderOf(backend: WebGpuBackend): GpuCommandEncoder {
  backend.endComputePassEncoder();
  backend.ensureCommandEncoderReady();
  return backend.commandEncoder as GpuCommandEncoder;
}

/** Bytes of a tensor on the device: every number takes four. */
export function bytesOf({ shape }: { shape: readonly number[] }): number {
  return 4 * shape.reduce((product, size) => product * size, 1);
}

/** A program with its buffers, and how many groups of threads run it along each axis. */
export interface Dispatch {
  pipeline: GpuPipeline;
  group: object;
  dispatch: readonly [number, number, number];
}

/** Runs a program after those that wait. */
export function dispatch(backend: WebGpuBackend, { pipeline, group, dispatch }: Dispatch): void {
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= (backend.commandEncoder as GpuCommandEncoder).beginComputePass();
  backend.computePassEncoder.setPipeline(pipeline);
  backend.computePassEncoder.setBindGroup(0, group);
  backend.computePassEncoder.dispatchWorkgroups(...dispatch);
}
