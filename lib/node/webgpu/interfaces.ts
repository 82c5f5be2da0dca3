// What this folder uses of WebGPU (https://www.w3.org/TR/webgpu/) and of TensorFlow.js's backend for it. The packages
// bring types of their own, but most checkouts do not have the packages, and those are compiled too.

export interface GpuBuffer {
  readonly size: number;
  readonly mapState: "unmapped" | "pending" | "mapped";
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface GpuQueue {
  writeBuffer(target: GpuBuffer, offset: number, values: Float32Array | Int32Array): void;
}

export interface GpuDevice {
  /** Settles when the device is lost, and never otherwise. */
  readonly lost: Promise<{ reason: string; message: string }>;
  addEventListener(type: "uncapturederror", listener: (event: { error: Error }) => void): void;
  destroy(): void;
}

/** What an adapter says of itself. */
export interface GpuAdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** Whether it computes on the processor. */
  readonly isFallbackAdapter: boolean;
}

/** Names of limits, and the limits in bytes or as counts. */
export type GpuLimits = Readonly<Record<string, number>>;

export interface GpuAdapter {
  readonly info: GpuAdapterInfo;
  readonly limits: GpuLimits;
  readonly features: ReadonlySet<string>;
  requestDevice(options: {
    requiredLimits: GpuLimits;
    requiredFeatures: readonly string[];
  }): Promise<GpuDevice>;
}

export interface Gpu {
  requestAdapter(options: { powerPreference: "high-performance" }): Promise<GpuAdapter | null>;
}

/** A tensor's place in the backend. */
export interface TensorData {
  dtype: "float32" | "int32" | "bool" | "string" | "complex64";
  shape: number[];
  /** The numbers, where they are in the processor's memory as well. */
  values?: Float32Array | Int32Array | Uint8Array | null;
  resource?: GpuBuffer;
  complexTensorInfos?: { real: { dataId: object }; imag: { dataId: object } };
}

/** The pool in which the backend keeps freed buffers, by size and use. */
export interface BufferManager {
  numBytesUsed: number;
  numBytesAllocated: number;
  numFreeBuffers: number;
  freeBuffers: Map<string, GpuBuffer[]>;
  acquireBuffer(size: number, usage: number): GpuBuffer;
  releaseBuffer(buffer: GpuBuffer): void;
}

/** `WebGPUBackend` of `@tensorflow/tfjs-backend-webgpu` 4.22, with the parts that are private there. */
export interface WebGpuBackend {
  readonly bufferManager: BufferManager;
  readonly tensorMap: { get(dataId: object): TensorData };
  readonly queue: GpuQueue;
  readonly commandEncoder: {
    copyBufferToBuffer(
      source: GpuBuffer,
      sourceOffset: number,
      target: GpuBuffer,
      targetOffset: number,
      size: number,
    ): void;
  };
  read(dataId: object): Promise<TensorData["values"]>;
  readSync(dataId: object): TensorData["values"];
  submitQueue(): void;
  uploadToGPU(dataId: object): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  convertAndCacheOnCPU(dataId: object, values: TensorData["values"]): TensorData["values"];
}

export type WebGpuBackendClass = new (device: GpuDevice, info: GpuAdapterInfo) => WebGpuBackend;
