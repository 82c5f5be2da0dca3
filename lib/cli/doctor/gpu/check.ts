import * as tf from "@tensorflow/tfjs";
import { drawn } from "./drawn";

/** Something that is computed on the graphics card and on the processor, to see whether both give the same. */
export interface Check {
  name: string;
  /** Of what kind: `operation`, `attention layer`, `network`. */
  kind: string;
  /** The results by their names; runs inside `tf.tidy`. */
  run(): Record<string, tf.Tensor>;
}

/** What is computed, and its gradient with respect to every input, along a direction that is drawn. */
export function valueAndGradients(
  compute: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly tf.Tensor[],
): Record<string, tf.Tensor> {
  const value = compute(...inputs);
  const direction = drawn("direction", value.shape);
  const gradients = tf.grads((...given) =>
    compute(...given)
      .mul(direction)
      .sum(),
  )([...inputs]);
  return {
    value,
    ...Object.fromEntries(gradients.map((gradient, i) => [`gradient ${i + 1}`, gradient])),
  };
}
