import * as tf from "@tensorflow/tfjs";

/** The part of the native backend that runs any operation of TensorFlow by its name. */
interface NativeBackend {
  binding: { TF_ATTR_TYPE: number; TF_FLOAT: number };
  executeSingleOutput(
    operation: string,
    attributes: { name: string; type: number; value: number }[],
    inputs: tf.Tensor[],
  ): tf.Tensor;
}

let registered = false;

/**
 * Lets the native backend compute the gradient of `tf.relu6` by TensorFlow's own `Relu6Grad`.
 *
 * TensorFlow.js puts that gradient together from six elementwise operations, each of which goes once through
 * memory; on the activations of a convolution that is a third of a training step. The values are the same, except
 * at exactly 6, where TensorFlow and PyTorch say 0 and TensorFlow.js says 1.
 * Other backends keep the composed gradient. Calling it again changes nothing.
 */
export function useFusedGradients(): void {
  if (registered) return;
  registered = true;
  const composed = tf.getGradient("Relu6");
  tf.registerGradient({
    kernelName: "Relu6",
    inputsToSave: ["x"],
    gradFunc: (dy, saved, attributes) => {
      if (tf.getBackend() !== "tensorflow") return composed.gradFunc(dy, saved, attributes);
      const native = tf.backend() as unknown as NativeBackend;
      const { TF_ATTR_TYPE, TF_FLOAT } = native.binding;
      const type = [{ name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT }];
      return {
        x: () => native.executeSingleOutput("Relu6Grad", type, [dy as tf.Tensor, saved[0] as tf.Tensor]),
      };
    },
  });
}
