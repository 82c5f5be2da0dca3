import * as tf from "@tensorflow/tfjs";
import type { PixelImage } from "../images/pixel-image";
import { stackImages } from "../images/stack-images";
import { computeInBatches, inBatches } from "../runtime/batches";
import { firstNotFinite } from "../runtime/checks";
import { UserError } from "../runtime/user-error";
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
    let done = 0;
    const compute = (batch: PixelImage[]) => ({
      rows: tf.softmax(network.logitsOf(stackImages(batch, network.inputSize, done))),
    });
    for await (const { batch, values } of computeInBatches(inBatches(images, BATCH_SIZE), compute)) {
      const wrong = firstNotFinite(values.rows as Float32Array);
      if (wrong >= 0) {
        throw new UserError(
          `The probabilities of image ${done + Math.floor(wrong / network.classes)}, counted from 0, are no finite numbers: ` +
            "the network's weights are not finite, or too large to compute with.",
        );
      }
      probabilities.set(values.rows, done * network.classes);
      done += batch.length;
    }
    return probabilities;
  };
}
