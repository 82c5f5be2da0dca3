import * as tf from "@tensorflow/tfjs";
import { uniformWeights } from "../../attention/normalisers/uniform";
import { explain } from "../../explain/explain";
import { type TokenEffects, tokenEffects } from "../../explain/faithfulness/token-effects";
import type { Network } from "../../explain/network";
import { type PooledImages, pooledImages, probabilitiesUnder } from "../../explain/pooled-images";
import { adversarialAttention } from "../../explain/sanity/adversarial-attention";
import { spreadOf } from "../../explain/sanity/divergence";
import { mapSimilarity } from "../../explain/sanity/map-similarity";
import { permutedAttention } from "../../explain/sanity/permuted-attention";
import { withRandomised } from "../../explain/sanity/randomise-model";
import type { PixelImage } from "../../images/pixel-image";
import { stackImages } from "../../images/stack-images";
import { computeInBatches, indexBatches } from "../../runtime/batches";
import type { Evaluation } from "../../transfer/evaluate";
import type { LabelledTokens } from "../../transfer/labelled-tokens";
import type { TransferModel } from "../../transfer/model";
import { gatherGrids } from "../../transfer/tokens";
import type { CheckColumn } from "./grid";
import { ATTENTION_TESTS } from "./plan";

export interface AttentionCheck {
  model: TransferModel;
  network: Network;
  /** The images that are explained, with the class that was predicted for each. */
  images: readonly PixelImage[];
  predicted: readonly number[];
  /** The whole test part, and what the model made of it. */
  test: LabelledTokens;
  evaluation: Evaluation;
  seed: number;
}

/** Puts attention itself to the test: what its weights decide, and what else they could have been. */
export async function checkAttention(
  check: AttentionCheck,
): Promise<{ checks: Record<CheckColumn, number>; effects: TokenEffects[] }> {
  const { network, images, model, predicted, evaluation, seed } = check;
  const features = tf.tidy(() => network.featuresOf(stackImages(images, network.inputSize)));
  const pooled = pooledImages(model, features);
  features.dispose();
  const { permutations, adversarial } = ATTENTION_TESTS;
  const permuted = await permutedAttention(pooled, { permutations, seed });
  const others = await adversarialAttention(pooled, { ...adversarial, seed });
  const effects = await tokenEffects(pooled, predicted);
  tf.dispose([pooled.tokens, pooled.weights]);
  const positions = network.rows * network.columns;
  const rowOf = (values: Float32Array, image: number) =>
    values.subarray(image * positions, (image + 1) * positions);
  const spread = check.test.labels.reduce(
    (sum, _, image) => sum + spreadOf(rowOf(evaluation.weights, image)).effectivePositions,
    0,
  );
  return {
    checks: {
      test_accuracy: evaluation.accuracy,
      uniform_accuracy: await uniformAccuracy(check),
      effective_positions: spread / check.test.labels.length / positions,
      permuted_change: meanOf(permuted.map(({ median }) => median)),
      // In nats, of which weights that share nothing are ln 2 apart.
      adversarial_change: meanOf(others.map(({ jensenShannon }) => Math.min(1, jensenShannon / Math.LN2))),
      attention_randomised: await likenessRandomised(check, "attention"),
      grad_cam_randomised: await likenessRandomised(check, "Grad-CAM"),
    },
    effects: images.map((_, image) => ({
      drops: rowOf(effects.drops, image),
      distances: rowOf(effects.distances, image),
    })),
  };
}

/** Accuracy on the test part when every position gets the same weight and nothing is trained again. */
async function uniformAccuracy({ model, test }: AttentionCheck): Promise<number> {
  const { count } = test.tokens;
  const classesOf = (indices: number[]) => {
    const pooled: PooledImages = pooledImages(model, model.runStage(gatherGrids(test.tokens, indices)));
    const [batch, positions] = pooled.weights.shape;
    return { classes: probabilitiesUnder(pooled, uniformWeights(batch, positions)).squeeze([1]).argMax(1) };
  };
  let right = 0;
  for await (const { batch, values } of computeInBatches(indexBatches(count, 32), classesOf))
    right += batch.filter((index, i) => values.classes[i] === test.labels[index]).length;
  return right / count;
}

/**
 * Spearman's correlation of an image's map before and after pooling and classifier were randomised, mean over the images. A
 * map that is the same everywhere is like no other: it counts as 0.
 */
async function likenessRandomised(
  { model, network, images, predicted, seed }: AttentionCheck,
  method: "attention" | "Grad-CAM",
): Promise<number> {
  const maps = async () => {
    const found = [];
    for (const [i, image] of images.entries())
      found.push(await explain(network, image, { method, target: predicted[i]! }));
    return found;
  };
  const before = await maps();
  const after = await withRandomised(model, ["classifier", "pooling"], seed, maps);
  return meanOf(before.map((map, i) => mapSimilarity(map, after[i]!).spearman || 0));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
