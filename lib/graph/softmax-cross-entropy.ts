import * as tf from "@tensorflow/tfjs";
import { registerNativeKernel, runKernel } from "./native-kernel";

const sparse = "SparseSoftmaxCrossEntropyWithLogits";
const dense = "SoftmaxCrossEntropyWithLogits";
let registered = false;

/**
 * Cross-entropy of a softmax classifier, `-Σ_k label_k · log softmax(logits)_k` in nats, one number per example.
 *
 * On the native backend value and gradient come from one operation of TensorFlow, which never writes the
 * probabilities out; elsewhere from `tf.logSoftmax`. Labels get no gradient.
 * @param logits `[batch, classes]`
 * @param labels the class of each example, `[batch]` int32 in 0 … classes − 1, or its probabilities
 *   `[batch, classes]`
 * @returns `[batch]`
 * @example softmaxCrossEntropy(logits, labels).mean()
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D | tf.Tensor2D): tf.Tensor1D {
  if (tf.getBackend() === "tensorflow") {
    register();
    return runKernel(labels.rank === 1 ? sparse : dense, { logits, labels })[0] as tf.Tensor1D;
  }
  return tf.tidy(() => {
    const probabilities = labels.rank === 1 ? tf.oneHot(labels, logits.shape[1]) : labels;
    return tf.neg(tf.sum(tf.mul(probabilities, tf.logSoftmax(logits)), 1)) as tf.Tensor1D;
  });
}

function composedGradient(logits: tf.Tensor2D, labels: tf.Tensor): tf.Tensor {
  const probabilities = labels.rank === 1 ? tf.oneHot(labels as tf.Tensor1D, logits.shape[1]) : labels;
  return tf.sub(tf.softmax(logits), tf.cast(probabilities, "float32"));
}

function register(): void {
  if (registered) return;
  registered = true;
  registerNativeKernel(sparse, sparse, ["logits", "labels"], 2, () => ({
    T: { type: "float32" },
    Tlabels: { type: "int32" },
  }));
  registerNativeKernel(dense, dense, ["logits", "labels"], 2, () => ({ T: { type: "float32" } }));
  for (const kernelName of [sparse, dense]) {
    tf.registerGradient({
      kernelName,
      inputsToSave: ["logits", "labels"],
      // The second result is the gradient of each loss: the probabilities minus the labels.
      outputsToSave: [false, true],
      gradFunc: (dy, saved) => {
        const [logits, labels, gradient] = saved as [tf.Tensor2D, tf.Tensor, tf.Tensor];
        const arriving = tf.expandDims((dy as tf.Tensor[])[0] as tf.Tensor, 1);
        return {
          logits: () =>
            // That result has no gradient of its own: where a tape watches this one, it is composed.
            tf.mul(arriving, tf.engine().isTapeOn() ? composedGradient(logits, labels) : gradient),
        };
      },
    });
  }
}
