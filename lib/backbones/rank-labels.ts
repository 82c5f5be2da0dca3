import { UserError } from "../runtime/user-error";

/** One class that a model names for an image, and how sure it is. */
export interface LabelScore {
  label: string;
  /** Softmax probability in 0 … 1. */
  probability: number;
}

/**
 * The `count` most probable classes of one image, the most probable first.
 * @param names of the classes, in the order of the logits
 * @param logits one score for each class; their softmax gives the probabilities
 * @throws UserError when there are more or fewer logits than names
 */
export function rankLabels(names: readonly string[], logits: ArrayLike<number>, count = 5): LabelScore[] {
  const row = Array.from(logits);
  if (row.length !== names.length)
    throw new UserError(
      `${names.length} classes have names and ${row.length} logits were given. Give the logits of one image.`,
    );
  const largest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const exponentials = row.map((logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials
    .map((value, i) => ({ label: names[i] as string, probability: value / sum }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, count);
}
