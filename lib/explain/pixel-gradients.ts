import * as tf from "@tensorflow/tfjs";
import { type Question, targetRows } from "./question";

/** Half of what a forward takes: the way back keeps the activations of every layer. */
const BATCH_SIZE = 16;

/**
 * The gradient of the target's logit at the pixels, added up over many pictures: `[inputSize, inputSize, 3]`.
 * @param pictures makes `size` of the `count` pictures, from number `first` on, `[size, inputSize, inputSize, 3]`
 * @throws UserError on the wasm backend, which lacks the gradients of convolutions
 */
export async function sumPixelGradients(
  question: Question,
  count: number,
  pictures: (first: number, size: number) => tf.Tensor4D,
): Promise<Float32Array> {
  const { network, onProgress } = question;
  const total = new Float32Array(network.inputSize ** 2 * 3);
  for (let first = 0; first < count; first += BATCH_SIZE) {
    const size = Math.min(BATCH_SIZE, count - first);
    const sum = tf.tidy(() =>
      tf.sum(network.pixelGradientOf(pictures(first, size), targetRows(question, size)), 0),
    );
    const values = await sum.data<"float32">();
    sum.dispose();
    for (let i = 0; i < total.length; i++) total[i]! += values[i]!;
    onProgress?.(first + size, count);
  }
  return total;
}

/** One number a pixel out of its three channels: `[side · side · 3]` → `[side · side]`. */
export function perPixel(
  channels: Float32Array,
  join: (red: number, green: number, blue: number) => number,
): Float32Array {
  return Float32Array.from({ length: channels.length / 3 }, (_, i) =>
    join(channels[3 * i]!, channels[3 * i + 1]!, channels[3 * i + 2]!),
  );
}
