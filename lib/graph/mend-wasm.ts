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

let mended = false;

/**
 * Mends the wasm backend, once it is registered; on other backends it changes nothing.
 *
 * - A matrix product with a transposed factor takes a path there that is about twenty times slower than
 *   transposing first: the factor is transposed first.
 * - Gradients that are missing or wrong are refused with a sentence, whoever asks for them.
 */
export function mendWasm(): void {
  if (mended || !tf.findBackendFactory("wasm")) return;
  mended = true;
  for (const { kernelName, first, second } of matrixProducts) transposeFirst(kernelName, first, second);
  for (const [kernelName, what] of Object.entries(refusedKernels)) {
    replaceKernel(kernelName, () => {
      throw new UserError(
        `The wasm backend can't compute ${what} rightly. Train this part on the native backend (\`npm run setup\` ` +
          "installs it), or train only attention and dense layers on frozen features.",
      );
    });
  }
}

function transposeFirst(kernelName: string, first: string, second: string): void {
  const original = tf.getKernel(kernelName, "wasm");
  if (!original) return;
  replaceKernel(kernelName, (parameters) => {
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
  });
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

function replaceKernel(kernelName: string, kernelFunc: tf.KernelFunc): void {
  const existing = tf.getKernel(kernelName, "wasm");
  if (existing) tf.unregisterKernel(kernelName, "wasm");
  tf.registerKernel({ ...existing, kernelName, backendName: "wasm", kernelFunc });
}
