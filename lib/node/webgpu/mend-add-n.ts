import * as tf from "@tensorflow/tfjs";

/**
 * Mends a kernel of the backend, once it is registered: it binds a buffer to each tensor that it adds, and one to the sum,
 * however few the device takes. Here more tensors are added in groups.
 * @param most how many buffers a program may have
 */
export function mendAddN(most: number): void {
  const kernelName = "AddN";
  const backendName = "webgpu";
  const original = tf.getKernel(kernelName, backendName);
  const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
    const add = (tensors: readonly tf.TensorInfo[]): tf.TensorInfo =>
      original.kernelFunc({
        inputs: tensors as unknown as tf.NamedTensorInfoMap,
        backend,
        attrs,
      }) as tf.TensorInfo;
    const tensors = inputs as unknown as tf.TensorInfo[];
    let sum = add(tensors.slice(0, most - 1));
    for (let next = most - 1; next < tensors.length; next += most - 2) {
      const before = sum;
      sum = add([before, ...tensors.slice(next, next + most - 2)]);
      (backend as tf.KernelBackend).disposeData(before.dataId);
    }
    return sum;
  };
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ ...original, kernelName, backendName, kernelFunc });
}
