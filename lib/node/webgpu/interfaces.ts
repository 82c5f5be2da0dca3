import type { GpuComputeDevice, WebGpuBackend } from "../../graph/webgpu/interfaces";

// What this folder uses of WebGPU (https://www.w3.org/TR/webgpu/) besides computing.

export interface GpuDevice extends GpuComputeDevice {
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

export type WebGpuBackendClass = new (device: GpuDevice, info: GpuAdapterInfo) => WebGpuBackend;
