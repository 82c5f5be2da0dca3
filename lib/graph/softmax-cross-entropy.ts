import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
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
 * @throws UserError for logits and labels that don't belong together, or a label that no class has; in a graph that
 *   is found when it runs
 * @example softmaxCrossEntropy(logits, labels).mean()
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D | tf.Tensor2D): tf.Tensor1D {
  requireMatching(logits, labels);
  if (tf.getBackend() === "tensorflow") {
    register();
    return onTensorFlow(logits, labels);
  }
  // Both have the values at hand; elsewhere reading them would wait.
  if (labels.rank === 1 && ["wasm", "cpu"].includes(tf.getBackend())) {
    const classes = logits.shape[1];
    const wrong = labels.dataSync().find((label) => label < 0 || label >= classes);
    if (wrong !== undefined) throw unknownLabel(wrong, classes);
  }
  return tf.tidy(() => {
    const probabilities = labels.rank === 1 ? tf.oneHot(labels, logits.shape[1]) : labels;
    return tf.neg(tf.sum(tf.mul(probabilities, tf.logSoftmax(logits)), 1)) as tf.Tensor1D;
  });
}

function onTensorFlow(logits: tf.Tensor2D, labels: tf.Tensor): tf.Tensor1D {
  try {
    return runKernel(labels.rank === 1 ? sparse : dense, { logits, labels })[0] as tf.Tensor1D;
  } catch (error) {
    const wrong = /Received a label value of (-?\d+)/.exec((error as Error).message);
    throw wrong ? unknownLabel(Number(wrong[1]), logits.shape[1]) : error;
  }
}

function unknownLabel(label: number, classes: number): UserError {
  return new UserError(
    `Among the labels is ${label}. With ${classes} classes a label is a whole number in 0 … ${classes - 1}.`,
  );
}

function requireMatching(logits: tf.Tensor, labels: tf.Tensor): void {
  const [classified, labelled] = [logits?.shape, labels?.shape];
  const known = logits?.dtype === "float32" && classified?.length === 2 && labelled?.[0] === classified[0];
  const whole = labelled?.length === 1 && labels.dtype === "int32";
  const shares = labelled?.length === 2 && labelled[1] === classified?.[1] && labels.dtype === "float32";
  if (known && (whole || shares)) return;
  const say = (tensor?: tf.Tensor) =>
    tensor?.shape ? `${tensor.dtype} [${tensor.shape.join(", ")}]` : "nothing";
  throw new UserError(
    "Cross-entropy takes logits float32 [batch, classes] and labels int32 [batch], or probabilities float32 [batch, classes]; " +
      `it was given ${say(logits)} and ${say(labels)}.`,
  );
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
