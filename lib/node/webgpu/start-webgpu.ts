import * as tf from "@tensorflow/tfjs";
import { repeatStepsOnWebGpu } from "../../graph/webgpu/device-steps";
import { startDawn } from "./dawn";
import { DeviceHealth, requestAdapter, requestDevice } from "./device";
import type { GpuAdapterInfo, GpuDevice, WebGpuBackendClass } from "./interfaces";
import { mendAddN } from "./mend-add-n";
import { mendCast } from "./mend-cast";
import { mendFilterGradients } from "./mend-filter-gradients";
import { nodeBackendClass } from "./node-backend";
import { loadBackendClass } from "./packages";

/** What computes behind the backend. */
export interface WebGpuAdapter {
  /** As the adapter and its driver describe themselves. */
  description: string;
  /** Whether it computes on the processor, however it calls itself. */
  software: boolean;
}

let registered: Promise<WebGpuAdapter> | undefined;

/**
 * Registers the backend "webgpu" of TensorFlow.js on Dawn, for any graphics card with a driver for Vulkan, Metal or
 * Direct3D 12. `tf.setBackend("webgpu")` then starts it.
 * @throws UserError when a package or an adapter is missing
 */
export function registerWebGpu(): Promise<WebGpuAdapter> {
  registered ??= register();
  return registered;
}

async function register(): Promise<WebGpuAdapter> {
  // Before there is a `navigator.gpu`, for which it would register a backend of its own.
  const Original = loadBackendClass();
  const dawn = await startDawn();
  const adapter = await requestAdapter(dawn.gpu);
  const device = await requestDevice(adapter);
  const Backend = nodeBackendClass(Original, {
    dawn,
    health: new DeviceHealth(device),
    largestTensor: adapter.limits.maxStorageBufferBindingSize!,
  });
  mendCast();
  mendFilterGradients();
  mendAddN(adapter.limits.maxStorageBuffersPerShaderStage!);
  repeatStepsOnWebGpu();
  tf.registerBackend("webgpu", () => construct(Backend, device, adapter.info));
  return describeAdapter(adapter.info);
}

/** The constructor asks for `navigator.gpu`, as a browser has it, and for nothing else of it. */
function construct(Backend: WebGpuBackendClass, device: GpuDevice, info: GpuAdapterInfo): tf.KernelBackend {
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: { gpu: {} }, configurable: true });
  try {
    return new Backend(device, info) as unknown as tf.KernelBackend;
  } finally {
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else Reflect.deleteProperty(globalThis, "navigator");
  }
}

function describeAdapter({ vendor, architecture, device, description, isFallbackAdapter }: GpuAdapterInfo) {
  const names = [...new Set([device, description].filter((name) => name !== ""))];
  const name = names.length > 0 ? names.join(", ") : `${vendor} ${architecture}`;
  // A driver need not admit it: these compute on the processor.
  const software =
    isFallbackAdapter || /llvmpipe|lavapipe|swiftshader|software|warp/i.test(`${name} ${architecture}`);
  return { description: name, software };
}
