import * as tf from "@tensorflow/tfjs";
import { randomStream } from "../../../runtime/random";

/** Normal draws of a named stream: the same numbers in every process and on every backend. */
export function drawnNumbers(name: string, count: number, deviation = 1): Float32Array {
  const stream = randomStream(0, name);
  return Float32Array.from({ length: count }, () => deviation * stream.normal());
}

/** A tensor of such draws. */
export function drawn<R extends tf.Rank = tf.Rank>(
  name: string,
  shape: readonly number[],
  deviation = 1,
): tf.Tensor<R> {
  const numbers = drawnNumbers(name, tf.util.sizeFromShape([...shape]), deviation);
  const made: tf.Tensor = tf.tensor(numbers, [...shape]);
  return made as tf.Tensor<R>;
}
