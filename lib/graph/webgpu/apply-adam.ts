import type * as tf from "@tensorflow/tfjs";
import {
  COPY_DST,
  type Dispatch,
  type GpuBuffer,
  type GpuPipeline,
  UNIFORM,
  type WebGpuBackend,
} from "./interfaces";

const THREADS = 64;

/**
 * Adam's step of one variable as TensorFlow's `ResourceApplyAdam` takes it, on the buffers of the variable and its means
 * themselves: one program instead of eighteen, and nothing is copied. Eight buffers are what every adapter has.
 */
const code = `
struct Decays { beta1: f32, beta2: f32, size: u32, width: u32 };
@group(0) @binding(0) var<storage, read_write> variable: array<f32>;
@group(0) @binding(1) var<storage, read_write> mean: array<f32>;
@group(0) @binding(2) var<storage, read_write> square: array<f32>;
@group(0) @binding(3) var<storage, read> gradient: array<f32>;
@group(0) @binding(4) var<storage, read> power1: array<f32>;
@group(0) @binding(5) var<storage, read> power2: array<f32>;
@group(0) @binding(6) var<storage, read> rate: array<f32>;
@group(0) @binding(7) var<storage, read> epsilon: array<f32>;
@group(0) @binding(8) var<uniform> decays: Decays;
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.y * decays.width + id.x;
  if (i >= decays.size || id.x >= decays.width) { return; }
  let g = gradient[i];
  let m = mean[i] * decays.beta1 + g * (1.0 - decays.beta1);
  let s = square[i] * decays.beta2 + g * g * (1.0 - decays.beta2);
  mean[i] = m;
  square[i] = s;
  let step = rate[0] * sqrt(1.0 - power2[0]) / (1.0 - power1[0]);
  variable[i] = variable[i] - step * m / (sqrt(s) + epsilon[0]);
}`;

const pipelines = new WeakMap<object, GpuPipeline>();

/** A run of a program that is not TensorFlow.js's. */
export interface OwnDispatch extends Dispatch {
  /** The program's numbers, in a buffer that the caller frees. */
  uniforms: GpuBuffer;
  /** The same as a text. */
  told: string;
}

/** What Adam's step takes besides the variable and its means. */
export interface AdamUpdate {
  /** The gradient, the powers of the decays, the rate and epsilon: as the program reads them. */
  read: readonly tf.Tensor[];
  /** beta1 and beta2, which never change. */
  decays: readonly tf.Tensor[];
}

/** The inputs of TensorFlow's operation, sorted. */
export function adamUpdate(inputs: readonly tf.Tensor[]): AdamUpdate {
  const [power1, power2, rate, beta1, beta2, epsilon, gradient] = inputs as readonly tf.Tensor[] & {
    length: 7;
  };
  return { read: [gradient!, power1!, power2!, rate!, epsilon!], decays: [beta1!, beta2!] };
}

/** Prepares Adam's step of a variable, on buffers in the order of the program. */
export function applyAdam(
  { device, bufferManager, queue }: WebGpuBackend,
  buffers: readonly GpuBuffer[],
  { read, decays }: AdamUpdate,
): OwnDispatch {
  const { size } = read[0]!;
  const numbers = new Uint32Array(4);
  const betas = decays.map((decay) => decay.dataSync()[0]!);
  let pipeline = pipelines.get(device);
  if (!pipeline) {
    const module = device.createShaderModule({ code });
    pipeline = device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
    pipelines.set(device, pipeline);
  }
  const groups = Math.ceil(size / THREADS);
  const columns = Math.min(groups, device.limits.maxComputeWorkgroupsPerDimension ?? 65_535);
  const uniforms = bufferManager.acquireBuffer(numbers.byteLength, UNIFORM | COPY_DST);
  new Float32Array(numbers.buffer).set(betas);
  numbers.set([size, columns * THREADS], 2);
  queue.writeBuffer(uniforms, 0, numbers);
  const entries = [...buffers, uniforms].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const dispatch: [number, number, number] = [columns, Math.ceil(groups / columns), 1];
  return { pipeline, group, dispatch, uniforms, told: `${betas} ${size}` };
}
