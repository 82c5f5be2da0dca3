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
      // The second result is the gradient of each loss: the probabilities minus the labels.
      outputsToSave: [false, true],
      gradFunc: (dy, [gradient]) => {
        const [arriving] = dy as tf.Tensor[];
        return {
          logits: () => tf.mul(tf.expandDims(arriving as tf.Tensor, 1), gradient as tf.Tensor),
        };
      },
    });
  }
}
