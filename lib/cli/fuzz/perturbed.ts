import * as tf from "@tensorflow/tfjs";
import { type RandomStream, randomStream } from "../../runtime/random";

/** How much a result is moved: some ten roundings of single precision, relative and absolute. */
const relative = 1e-6;
const absolute = 1e-7;

/** Functions of tfjs whose results are not those of an operation. */
const untouched = new Set([
  "tidy",
  "keep",
  "variable",
  "grad",
  "grads",
  "variableGrads",
  "scalar",
  "tensor",
  "train",
]);

/**
 * tfjs with every result of an operation moved by as much as rounding might move it. What a program computes with
 * this says how far rounding alone can carry its results: far, where a number lies near a tie or a difference of
 * nearly equal numbers is divided by its size.
 */
export function perturbedTensorFlow(seed: number): typeof tf {
  const stream = randomStream(seed, "perturbation");
  return new Proxy(tf, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function" || untouched.has(String(name)) || /^[A-Z]/.test(String(name)))
        return member;
      return (...given: unknown[]) => {
        const result: unknown = (member as (...given: unknown[]) => unknown)(...given);
        return result instanceof tf.Tensor && !(result instanceof tf.Variable) && result.dtype === "float32"
          ? moved(result, stream)
          : result;
      };
    },
  });
}

function moved(tensor: tf.Tensor, stream: RandomStream): tf.Tensor {
  return tf.tidy(() => {
    const noise = tf.tensor(
      Float32Array.from({ length: tensor.size }, () => (stream.uniform() < 0.5 ? -1 : 1)),
      tensor.shape,
    );
    return tf.add(tf.mul(tensor, tf.add(1, tf.mul(noise, relative))), tf.mul(noise, absolute));
  });
}
