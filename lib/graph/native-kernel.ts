import * as tf from "@tensorflow/tfjs";
import { type NativeAttributeValues, type NativeBackend, nativeAttributes } from "./native-backend";

/** Names of the inputs of a native kernel, in TensorFlow's order. */
type InputNames = readonly string[];

/**
 * Makes an operation of TensorFlow known to tfjs as a kernel of the native backend, so that
 * `tf.engine().runKernel` runs it, remembers it for gradients and frees what it makes.
 *
 * @param kernelName its name for tfjs.
 * @param operation its name for TensorFlow.
 * @param outputs how many results it has.
 * @param attributes what it is told besides its inputs, from the attributes given to `runKernel`.
 */
export function registerNativeKernel(
  kernelName: string,
  operation: string,
  inputNames: InputNames,
  outputs: number,
  attributes: (given: tf.NamedAttrMap) => NativeAttributeValues,
): void {
  tf.registerKernel({
    kernelName,
    backendName: "tensorflow",
    kernelFunc: ({ inputs, backend, attrs }) => {
      const native = backend as unknown as NativeBackend;
      const tensors = inputNames.map((name) => inputs[name] as tf.TensorInfo);
      const values = nativeAttributes(native.binding, attributes((attrs ?? {}) as tf.NamedAttrMap));
      return native.executeMultipleOutputs(operation, values, tensors, outputs);
    },
  });
}

/** Runs a kernel with several results. */
export function runKernel(
  name: string,
  inputs: tf.NamedTensorMap,
  attributes: tf.NamedAttrMap = {},
): tf.Tensor[] {
  const results: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(name, inputs, attributes);
  return Array.isArray(results) ? results : [results];
}
