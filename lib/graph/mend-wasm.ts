import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";

/** Kernels for gradients that tfjs-backend-wasm 4.22 does not have, or computes wrongly. */
const refusedKernels: Record<string, string> = {
  Conv2DBackpropFilter: "the gradient of a convolution's kernel",
  DepthwiseConv2dNativeBackpropFilter: "the gradient of a depthwise convolution's kernel",
  DepthwiseConv2dNativeBackpropInput: "the gradient of a depthwise convolution's input",
  // Registered there, but it gives other numbers than the definition of the gradient.
  MaxPoolGrad: "the gradient of max pooling",
  UnsortedSegmentSum: "the gradient of tf.gather",
};

const matrixProducts = [
  { kernelName: "BatchMatMul", first: "a", second: "b" },
  { kernelName: "_FusedMatMul", first: "a", second: "b" },
] as const;

/** The kernels in the place of the backend's own, made once it is registered. */
let mended: tf.KernelConfig[] | undefined;

/** The mended kernels for as long as a compiled step runs. */
export const mendedWasmKernels = {
  /** Puts them in the place of the backend's own, where it runs; returns how to put those back. */
  enter(): () => void {
    if (tf.getBackend() !== "wasm") return () => {};
    mended ??= mendedKernels();
    const before = mended.map(replaceKernel);
    return () => {
      for (const [i, original] of before.entries()) {
        if (original) replaceKernel(original);
        else tf.unregisterKernel((mended as tf.KernelConfig[])[i]!.kernelName, "wasm");
      }
    };
  },
};

/**
 * Mends the wasm backend for the whole process, once it is registered; on other backends it changes nothing. Compiled
 * steps compute with the mended kernels anyway.
 *
 * - A matrix product with a transposed factor takes a path there that is about twenty times slower than
 *   transposing first: the factor is transposed first.
 * - Gradients that are missing or wrong are refused with a sentence, whoever asks for them.
 */
export function mendWasm(): void {
  if (!tf.findBackendFactory("wasm")) return;
  mended ??= mendedKernels();
  mended.forEach(replaceKernel);
}

function mendedKernels(): tf.KernelConfig[] {
  const refused = Object.entries(refusedKernels).map(([kernelName, what]) => ({
    kernelName,
    backendName: "wasm",
    kernelFunc: () => {
      throw new UserError(
        `The wasm backend can't compute ${what} rightly. Train this part on the native backend, or train only ` +
          "attention and dense layers on frozen features.",
      );
    },
  }));
  return [...matrixProducts.flatMap(transposeFirst), ...refused];
}

function transposeFirst({ kernelName, first, second }: (typeof matrixProducts)[number]): tf.KernelConfig[] {
  const original = tf.getKernel(kernelName, "wasm");
  if (!original) return [];
  const kernelFunc: tf.KernelFunc = (parameters) => {
    const { inputs, attrs } = parameters;
    const backend = parameters.backend as object;
    const { transposeA, transposeB } = (attrs ?? {}) as { transposeA: boolean; transposeB: boolean };
    const a = transposeA ? transposed(inputs[first] as tf.TensorInfo, backend) : inputs[first];
    const b = transposeB ? transposed(inputs[second] as tf.TensorInfo, backend) : inputs[second];
    const product = original.kernelFunc({
      ...parameters,
      inputs: { ...inputs, [first]: a, [second]: b },
      attrs: { ...attrs, transposeA: false, transposeB: false },
    });
    if (transposeA) release(a as tf.TensorInfo, backend);
    if (transposeB) release(b as tf.TensorInfo, backend);
    return product;
  };
  return [{ ...original, kernelFunc }];
}

/** The matrix with its last two axes exchanged. */
function transposed(x: tf.TensorInfo, backend: object): tf.TensorInfo {
  const axes = x.shape.map((_, axis) => axis);
  const perm = [...axes.slice(0, -2), ...axes.slice(-2).reverse()];
  const transpose = tf.getKernel("Transpose", "wasm");
  return transpose.kernelFunc({ inputs: { x }, backend, attrs: { perm } }) as tf.TensorInfo;
}

function release(x: tf.TensorInfo, backend: object): void {
  (backend as tf.KernelBackend).disposeData(x.dataId);
}

/** Puts a kernel in the place of another one, which it returns. */
function replaceKernel(kernel: tf.KernelConfig): tf.KernelConfig | undefined {
  const { kernelName, backendName } = kernel;
  const existing = tf.getKernel(kernelName, backendName) as tf.KernelConfig | undefined;
  if (existing) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel(kernel);
  return existing;
}
