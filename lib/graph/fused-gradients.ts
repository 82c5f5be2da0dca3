import * as tf from "@tensorflow/tfjs";
import { registerNativeKernel, runKernel } from "./native-kernel";

/** An activation whose gradient TensorFlow computes by one operation. */
interface FusedActivation {
  /** tfjs's name of the activation's kernel. */
  kernel: string;
  activate: (x: tf.Tensor) => tf.Tensor;
  /** TensorFlow's name of the gradient. */
  gradient: string;
  /** Whether that operation takes the activation's result before the gradient that arrives, or after it. */
  resultFirst: boolean;
  /** The same by operations of tfjs, from the result `y`: for other backends, and since TensorFlow's has no gradient itself. */
  composed: (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor;
}

// Klambauer et al. 2017, "Self-Normalizing Neural Networks".
const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

// Each works on the activation's result, so that what went into the activation need not be kept, and a graph can
// join it with the convolution before it.
const fusedActivations: FusedActivation[] = [
  {
    kernel: "Relu",
    activate: (x) => tf.relu(x),
    gradient: "ReluGrad",
    resultFirst: false,
    composed: (dy, y) => tf.mul(dy, tf.step(y)),
  },
  {
    kernel: "Relu6",
    activate: (x) => tf.relu6(x),
    gradient: "Relu6Grad",
    resultFirst: false,
    composed: (dy, y) => tf.mul(dy, tf.mul(tf.step(y), tf.step(tf.sub(6, y)))),
  },
  {
    kernel: "Selu",
    activate: (x) => tf.selu(x),
    gradient: "SeluGrad",
    resultFirst: false,
    // selu(x) is scale · alpha · (eˣ - 1) below zero, so its derivative there is y + scale · alpha.
    composed: (dy, y) => {
      const above = tf.step(y);
      const below = tf.mul(tf.sub(1, above), tf.add(y, seluScale * seluAlpha));
      return tf.mul(dy, tf.add(tf.mul(above, seluScale), below));
    },
  },
  {
    kernel: "Sigmoid",
    activate: (x) => tf.sigmoid(x),
    gradient: "SigmoidGrad",
    resultFirst: true,
    composed: (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))),
  },
  {
    kernel: "Tanh",
    activate: (x) => tf.tanh(x),
    gradient: "TanhGrad",
    resultFirst: true,
    composed: (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y))),
  },
];

/** Gradients as tfjs looks them up, made once. */
let configurations: tf.GradConfig[] | undefined;

/**
 * Gradients of relu, relu6, selu, sigmoid and tanh by one operation of TensorFlow each on the native backend, where
 * TensorFlow.js puts them together from up to six that each go through memory once.
 *
 * The values are the same, except for relu6 at exactly 6, where TensorFlow and PyTorch say 0 and TensorFlow.js
 * says 1; here it is 0 on every backend. They can be derived again.
 */
export const fusedGradients = {
  /** Puts them in the place of TensorFlow.js's own; returns how to put those back. */
  enter(): () => void {
    configurations ??= fusedActivations.map(configure);
    const before = configurations.map(({ kernelName }) => tf.getGradient(kernelName));
    configurations.forEach(replaceGradient);
    return () => {
      before.forEach(replaceGradient);
    };
  },
};

function replaceGradient(configuration: tf.GradConfig): void {
  // TensorFlow.js in its debugging mode warns of a gradient that takes another one's place.
  tf.unregisterGradient(configuration.kernelName);
  tf.registerGradient(configuration);
}

function configure({ kernel, activate, gradient, resultFirst, composed }: FusedActivation): tf.GradConfig {
  const inputs = resultFirst ? ["y", "dy"] : ["dy", "y"];
  registerNativeKernel(gradient, gradient, inputs, 1, () => ({ T: { type: "float32" } }));
  return {
    kernelName: kernel,
    outputsToSave: [true],
    // A tape follows what was saved back to an input, but not to a result.
    get inputsToSave() {
      return willBeDerivedAgain() ? ["x"] : [];
    },
    gradFunc: (arriving, saved) => {
      const dy = arriving as tf.Tensor;
      const [x, y] = saved.length === 2 ? saved : [undefined, saved[0]];
      if (x && tf.engine().isTapeOn()) return { x: () => composed(dy, activate(x)) };
      if (tf.getBackend() !== "tensorflow") return { x: () => composed(dy, y as tf.Tensor) };
      return { x: () => runKernel(gradient, { dy, y: y as tf.Tensor })[0] as tf.Tensor };
    },
  };
}

/** Whether gradients are taken of gradients that are taken now. */
function willBeDerivedAgain(): boolean {
  const { state } = tf.engine() as unknown as { state: { gradientDepth: number } };
  return state.gradientDepth > 1;
}
