import * as tf from "@tensorflow/tfjs";
import { registerNativeKernel, runKernel } from "./native-kernel";

const forward = "FusedBatchNormTraining";
const backward = "FusedBatchNormTrainingGrad";
let registered = false;

/** What BatchNorm gives in training. */
export interface BatchNormResult {
  /** `[batch, rows, columns, channels]` */
  y: tf.Tensor4D;
  /** Mean of the batch, `[channels]`; no gradient flows through it. */
  mean: tf.Tensor1D;
  /** Unbiased variance of the batch (divided by one less than the count), `[channels]`; without gradient too. */
  variance: tf.Tensor1D;
}

/**
 * BatchNorm in training (Ioffe & Szegedy 2015): every channel normalised by mean and variance over the batch and
 * the grid, then scaled by `gamma` and shifted by `beta`.
 *
 * On the native backend forward and gradient are one operation of TensorFlow each; elsewhere they are composed.
 * `variance` is the unbiased one, which PyTorch and Keras put into their moving average; the normalisation itself
 * uses the biased one, as the paper does.
 * @param x `[batch, rows, columns, channels]`
 * @param gamma `[channels]`
 * @param beta `[channels]`
 * @param epsilon added to the variance; PyTorch's default is 1e-5, Keras' 1e-3
 */
export function batchNormTraining(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon = 1e-5,
): BatchNormResult {
  if (tf.getBackend() === "tensorflow") {
    register();
    return tf.tidy(() => {
      // The operation wants moving averages even where it takes nothing from them.
      const none = tf.tensor1d([], "float32");
      const [y, mean, variance] = runKernel(forward, { x, gamma, beta, none }, { epsilon });
      return { y: y as tf.Tensor4D, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
    });
  }
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const scaled = tf.mul(tf.sub(x, mean), tf.mul(tf.rsqrt(tf.add(variance, epsilon)), gamma));
    const count = x.size / (x.shape[3] as number);
    // Of a single value TensorFlow's operation gives the biased one, 0.
    const unbiased = tf.mul(variance, count / Math.max(1, count - 1));
    return {
      y: tf.add(scaled, beta) as tf.Tensor4D,
      mean: mean as tf.Tensor1D,
      variance: unbiased as tf.Tensor1D,
    };
  });
}

function register(): void {
  if (registered) return;
  registered = true;
  const shared = ({ epsilon }: tf.NamedAttrMap) => ({
    T: { type: "float32" as const },
    U: { type: "float32" as const },
    epsilon: { float: epsilon as number },
    data_format: "NHWC",
    is_training: true,
  });
  registerNativeKernel(forward, "FusedBatchNormV3", ["x", "gamma", "beta", "none", "none"], 6, shared);
  registerNativeKernel(backward, "FusedBatchNormGradV3", ["dy", "x", "gamma", "r1", "r2", "r3"], 5, shared);
  tf.registerGradient({
    kernelName: forward,
    inputsToSave: ["x", "gamma"],
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (dy, saved, attributes) => {
      const [x, gamma, r1, r2, r3] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const inputs = { dy: (dy as tf.Tensor[])[0]!, x, gamma, r1, r2, r3 };
      // Run here, not in the functions below: each of those is tidied up after, and would lose its siblings.
      const [dx, dgamma, dbeta] = runKernel(backward, inputs, attributes);
      return { x: () => dx!, gamma: () => dgamma!, beta: () => dbeta! };
    },
  });
}
