import * as fs from "node:fs";
import * as path from "node:path";
import { type LabelScore, rankLabels } from "../backbones/rank-labels";
import { dataFolder } from "./files";

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
 * @throws UserError for another number of scores
 */
export function topLabels(logits: ArrayLike<number>, count = 5): LabelScore[] {
  return rankLabels(imagenetLabels(), logits, count);
}
