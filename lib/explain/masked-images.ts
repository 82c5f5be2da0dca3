import * as tf from "@tensorflow/tfjs";
import { computeInBatches, inBatches } from "../runtime/batches";
import { type Baseline, baselinePixels } from "./baseline";
import type { Question } from "./question";

const BATCH_SIZE = 32;

/** A mask, row-major `[inputSize, inputSize]`, and the logits of the image that it left. */
export interface MaskedAnswer {
  mask: Float32Array;
  logits: Float32Array;
}

/**
 * Asks the network about one image under many masks, 32 at a time: where a mask is 1 the image stays, where it is 0
 * the baseline takes its place, between them they mix.
 * @param masks drawn as they are needed, so that thousands need no memory
 * @param count how many there are
 */
export async function* askMasked(
  question: Question,
  masks: Iterable<Float32Array>,
  count: number,
  baseline: Baseline,
): AsyncGenerator<MaskedAnswer> {
  const { network, pixels, onProgress } = question;
  const nothing = await baselinePixels(question, baseline);
  const compute = (batch: Float32Array[]) => ({
    logits: network.logitsOf(maskPixels(pixels, nothing, batch)),
  });
  let done = 0;
  try {
    for await (const { batch, values } of computeInBatches(inBatches(masks, BATCH_SIZE), compute)) {
      const logits = values.logits as Float32Array;
      for (const [i, mask] of batch.entries())
        yield { mask, logits: logits.subarray(i * network.classes, (i + 1) * network.classes) };
      done += batch.length;
      onProgress?.(done, count);
    }
  } finally {
    nothing.dispose();
  }
}

function maskPixels(pixels: tf.Tensor4D, nothing: tf.Tensor4D, batch: Float32Array[]): tf.Tensor4D {
  const side = pixels.shape[1];
  const masks = new Float32Array(batch.length * side * side);
  batch.forEach((mask, i) => {
    masks.set(mask, i * side * side);
  });
  const kept = tf.tensor4d(masks, [batch.length, side, side, 1]);
  return tf.add(tf.mul(tf.sub(pixels, nothing), kept), nothing);
}
