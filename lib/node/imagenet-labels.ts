import * as fs from "node:fs";
import * as path from "node:path";
import { type LabelScore, rankLabels } from "../backbones/rank-labels";
import { UserError } from "../runtime/user-error";
import { dataFolder } from "./files";
import { explainReadFailure } from "./system-failure";

let labels: readonly string[] | undefined;

/**
 * English names of the 1,000 classes of ImageNet (ILSVRC 2012), in the order of a model's logits. Their source
 * and licence (MIT) are stated in `data/imagenet-labels.json`.
 * @throws UserError when that file is missing or damaged
 */
export function imagenetLabels(): readonly string[] {
  labels ??= readLabels(path.join(dataFolder(), "imagenet-labels.json"));
  return labels;
}

const remedy = "Bring the original back: `git checkout -- data`.";

function readLabels(file: string): string[] {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    throw explainReadFailure(error, `The list of classes ${file}`, remedy);
  }
  try {
    return (JSON.parse(text) as { labels: string[] }).labels;
  } catch {
    throw new UserError(`The list of classes ${file} is damaged. ${remedy}`);
  }
}

/**
 * The `count` most probable ImageNet classes of one image, the most probable first.
 * @param logits one row of 1,000 scores; their softmax gives the probabilities.
 * @throws UserError for another number of scores
 */
export function topLabels(logits: ArrayLike<number>, count = 5): LabelScore[] {
  return rankLabels(imagenetLabels(), logits, count);
}
