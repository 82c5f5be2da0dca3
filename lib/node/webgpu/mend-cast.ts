import * as tf from "@tensorflow/tfjs";
import type { WebGpuBackend } from "../../graph/webgpu/interfaces";

/**
 * Mends a kernel of the backend, once it is registered. Its cast from booleans or whole numbers to float32 leaves the
 * numbers as they lie and changes the tensor's type alone; programs that then read them as floats, such as a
 * transposition, are refused by the device. Here they are turned into floats.
 */
export function mendCast(): void {
  const kernelName = "Cast";
  const backendName = "webgpu";
  const original = tf.getKernel(kernelName, backendName);
  const multiply = tf.getKernel("Multiply", backendName);
  const kernelFunc: tf.KernelFunc = (parameters) => {
    const cast = original.kernelFunc(parameters) as tf.TensorInfo;
    const backend = parameters.backend as unknown as WebGpuBackend & tf.KernelBackend;
    const { dtype } = backend.tensorMap.get(cast.dataId);
    if (cast.dtype !== "float32" || dtype === "float32") return cast;
    const one = {
      dataId: backend.write(Float32Array.of(1), [], "float32"),
      shape: [],
      dtype: "float32" as const,
    };
    const floats = multiply.kernelFunc({ inputs: { a: cast, b: one }, backend, attrs: {} });
    for (const { dataId } of [one, cast]) backend.disposeData(dataId);
    return floats;
  };
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ ...original, kernelName, backendName, kernelFunc });
}
