import * as tf from "@tensorflow/tfjs";
import { registerNativeKernel, runKernel } from "./native-kernel";

/** An activation whose gradient TensorFlow computes by one operation. */
interface FusedActivation {
  /** tfjs's name of the activation's kernel. */
  kernel: string;
  /** TensorFlow's name of the gradient. */
  gradient: string;
  /** Whether that operation takes the activation's result before the gradient that arrives, or after it. */
  resultFirst: boolean;
}

// Each works on the activation's result, so that what went into the activation need not be kept, and a graph can
// join it with the convolution before it.
const fusedActivations: FusedActivation[] = [
  { kernel: "Relu", gradient: "ReluGrad", resultFirst: false },
  { kernel: "Relu6", gradient: "Relu6Grad", resultFirst: false },
  { kernel: "Selu", gradient: "SeluGrad", resultFirst: false },
  { kernel: "Sigmoid", gradient: "SigmoidGrad", resultFirst: true },
  { kernel: "Tanh", gradient: "TanhGrad", resultFirst: true },
];

/** The gradients by operations of tfjs, from the result `y`, for the backends that have none of TensorFlow's. */
const composedGradients: Record<string, (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor> = {
  Relu: (dy, y) => tf.mul(dy, tf.step(y)),
  Relu6: (dy, y) => tf.mul(dy, tf.cast(tf.logicalAnd(tf.greater(y, 0), tf.less(y, 6)), "float32")),
  // selu(x) is scale · alpha · (eˣ - 1) below zero, so its derivative there is y + scale · alpha.
  Selu: (dy, y) =>
    tf.mul(dy, tf.where(tf.greater(y, 0), seluScale, tf.add(y, seluScale * seluAlpha) as tf.Tensor)),
  Sigmoid: (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))),
  Tanh: (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y))),
};

// Klambauer et al. 2017, "Self-Normalizing Neural Networks".
const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

let registered = false;

/**
 * Lets the native backend compute the gradients of relu, relu6, selu, sigmoid and tanh by one operation of
 * TensorFlow each, where TensorFlow.js puts them together from up to six that each go through memory once.
 *
 * The values are the same, except for relu6 at exactly 6, where TensorFlow and PyTorch say 0 and TensorFlow.js
 * says 1; here it is 0 on every backend. A fused gradient has no gradient of its own: asking for a second
 * derivative throws. Calling this again changes nothing.
 */
export function useFusedGradients(): void {
  if (registered) return;
  registered = true;
  for (const { kernel, gradient, resultFirst } of fusedActivations) {
    const inputs = resultFirst ? ["y", "dy"] : ["dy", "y"];
    registerNativeKernel(gradient, gradient, inputs, 1, () => ({ T: { type: "float32" } }));
    const composed = composedGradients[kernel]!;
    tf.registerGradient({
      kernelName: kernel,
      outputsToSave: [true],
      gradFunc: (dy, [y]) => {
        const tensors = { dy: dy as tf.Tensor, y: y as tf.Tensor };
        return {
          x: () =>
            tf.getBackend() === "tensorflow"
              ? (runKernel(gradient, tensors)[0] as tf.Tensor)
              : composed(tensors.dy, tensors.y),
        };
      },
    });
  }
}
