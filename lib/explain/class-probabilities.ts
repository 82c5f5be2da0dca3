import * as tf from "@tensorflow/tfjs";
import type { PixelImage } from "../images/pixel-image";
import { imagePixels } from "./image-pixels";
import type { Network } from "./network";

/** Large enough to keep all cores busy, small enough for a laptop's memory. */
const BATCH_SIZE = 32;

/**
 * The function that faithfulness scores ask: images to the softmax of their logits, row-major `[count, classes]`.
 * It runs in compiled batches of 32 and throws a UserError naming an image of another size than the network takes.
 */
export function classProbabilities(network: Network): (images: PixelImage[]) => Promise<Float32Array> {
  return async (images) => {
    const probabilities = new Float32Array(images.length * network.classes);
    for (let start = 0; start < images.length; start += BATCH_SIZE) {
      const batch = images.slice(start, start + BATCH_SIZE);
      const rows = tf.tidy(() => tf.softmax(network.logitsOf(imagePixels(batch, network.inputSize))));
      probabilities.set(await rows.data<"float32">(), start * network.classes);
      rows.dispose();
    }
    return probabilities;
  };
}
