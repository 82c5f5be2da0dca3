import * as fs from "node:fs";
import * as path from "node:path";
import { dataFolder } from "../runtime/files";

/** One class that a model names for an image, and how sure it is. */
export interface LabelScore {
  label: string;
  /** Softmax probability in 0 … 1. */
  probability: number;
}

let labels: readonly string[] | undefined;

/**
 * English names of the 1,000 classes of ImageNet (ILSVRC 2012), in the order of a model's logits. Their source
 * and licence (MIT) are stated in `data/imagenet-labels.json`.
 */
export function imagenetLabels(): readonly string[] {
  const file = path.join(dataFolder(), "imagenet-labels.json");
  labels ??= (JSON.parse(fs.readFileSync(file, "utf8")) as { labels: string[] }).labels;
  return labels;
}

/**
 * The `count` most probable ImageNet classes of one image, the most probable first.
 * @param logits one row of 1,000 scores; their softmax gives the probabilities.
 */
export function topLabels(logits: ArrayLike<number>, count = 5): LabelScore[] {
  const names = imagenetLabels();
  const row = Array.from(logits);
  if (row.length !== names.length)
    throw new RangeError(
      `topLabels takes the ${names.length} logits of one image and was given ${row.length}.`,
    );
  const largest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const exponentials = row.map((logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials
    .map((value, i) => ({ label: names[i] as string, probability: value / sum }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, count);
}
