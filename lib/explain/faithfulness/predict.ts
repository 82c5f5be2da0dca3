import type { PixelImage } from "../../images/pixel-image";
import { indexBatches } from "../../runtime/batches";
import { requireWhole } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";

/** Asks a network about images: the probability of the explained class, 0 … 1, for each. */
export type PredictTarget = (images: PixelImage[]) => Promise<Float32Array>;

/** Asks a network about images: the probabilities of all classes, row-major `[images, classes]`. */
export type PredictClasses = (images: PixelImage[]) => Promise<Float32Array>;

/**
 * The probability of one class, out of a function that gives those of all.
 * @param target the class, 0 … classes − 1
 * @throws UserError for a class that does not exist
 */
export function probabilityOf(predict: PredictClasses, classes: number, target: number): PredictTarget {
  requireWhole("The number of classes", classes, 1);
  requireWhole("The target class", target, 0, classes - 1);
  return async (images) => (await predict(images)).filter((_, i) => i % classes === target);
}

/**
 * Asks about many images, a batch at a time; each image is made when its batch is asked, so that few are in memory.
 * @throws UserError when the answer does not have one finite probability for each image
 */
export async function predictAll(
  predict: PredictTarget,
  count: number,
  imageAt: (index: number) => PixelImage,
  batchSize: number,
): Promise<Float32Array> {
  requireWhole("The batch size", batchSize, 1, Number.MAX_SAFE_INTEGER);
  const probabilities = new Float32Array(count);
  for (const batch of indexBatches(count, batchSize)) {
    const answer = await predict(batch.map(imageAt));
    if (answer.length !== batch.length || !answer.every(Number.isFinite)) {
      throw new UserError(
        `The prediction gave ${answer.length} numbers for ${batch.length} images, or one that is not finite. ` +
          "Give the probability of one class for each image (`probabilityOf`).",
      );
    }
    probabilities.set(answer, batch[0]!);
  }
  return probabilities;
}
