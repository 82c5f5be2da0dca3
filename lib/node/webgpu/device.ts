import { UserError } from "../../runtime/user-error";
import type { Gpu, GpuAdapter, GpuDevice } from "./interfaces";

/**
 * The adapter that the system prefers for computing.
 * @throws UserError when there is none
 */
export async function requestAdapter(gpu: Gpu): Promise<GpuAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter) return adapter;
  throw new UserError(
    "No WebGPU adapter was found: it takes a driver for Vulkan 1.1 or newer (on Linux with its loader, libvulkan1), for " +
      "Metal (macOS) or for Direct3D 12 (Windows).",
  );
}

/** What TensorFlow.js's programs may use up. */
const usedLimits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupsPerDimension",
] as const;

/**
 * A device with the adapter's own limits. TensorFlow.js asks for some of them only, and is left with eight buffers to a
 * program: a sum of eight tensors then is zero.
 */
export async function requestDevice(adapter: GpuAdapter): Promise<GpuDevice> {
  const requiredLimits = Object.fromEntries(usedLimits.map((name) => [name, adapter.limits[name]!]));
  return adapter.requestDevice({ requiredLimits, requiredFeatures: [] });
}

/** What went wrong on a device, which WebGPU tells afterwards and to nobody in particular. */
export class DeviceHealth {
  private readonly errors: Error[] = [];
  private lost: string | undefined;

  constructor(device: GpuDevice) {
    device.addEventListener("uncapturederror", ({ error }) => this.errors.push(error));
    void device.lost.then(({ reason, message }) => {
      this.lost = message || reason;
    });
  }

  /** @throws UserError when the device was lost, or its memory did not suffice; Error for a program that it refused */
  require(): void {
    if (this.lost !== undefined) throw lostDevice(this.lost);
    const [first, ...rest] = this.errors.splice(0);
    if (!first) return;
    if (first.constructor.name === "GPUOutOfMemoryError")
      throw new UserError("The memory of the graphics card does not suffice. Take smaller batches.");
    const more = rest.length > 0 ? ` (and ${rest.length} more)` : "";
    throw new Error(`The graphics card refused a program${more}: ${first.message}`);
  }
}

/** The sentence for a device that does not answer any more. */
export function lostDevice(reason: string): UserError {
  return new UserError(
    `The graphics card was lost while it computed (${reason.trim()}). What was finished is kept; run the command again ` +
      "in a new process.",
  );
}
