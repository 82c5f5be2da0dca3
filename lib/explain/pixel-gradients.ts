import * as tf from "@tensorflow/tfjs";
import { computeInBatches, indexBatches } from "../runtime/batches";
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
  const compute = (batch: number[]) => {
    const given = pictures(batch[0]!, batch.length);
    return { sum: tf.sum(network.pixelGradientOf(given, targetRows(question, batch.length)), 0) };
  };
  let done = 0;
  for await (const { batch, values } of computeInBatches(indexBatches(count, BATCH_SIZE), compute)) {
    for (let i = 0; i < total.length; i++) total[i]! += values.sum[i]!;
    done += batch.length;
    onProgress?.(done, count);
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
