import { type AnyGrid, type ImageGrid, positionsOf } from "../backbones/grid";
import { shown } from "../runtime/checks";
import { UserError } from "../runtime/user-error";
import { checkTokens } from "./check-tokens";
import { type AnyTokens, isPadded, maskOfItem, type TokenSet } from "./tokens";

/** Features of labelled images, or with another grid of anything else: all that training and evaluation need of a dataset. */
export interface LabelledTokens<Grid extends AnyGrid = ImageGrid> {
  tokens: TokenSet<Grid>;
  /** Class of each item, 0 … classes − 1. */
  labels: Int32Array;
  /** Weights for the pooling `given`, `[count, positions]`, not negative; each item's are scaled to sum to one. */
  givenWeights?: Float32Array;
}

/** The same with tokens that may lie elsewhere, such as on disk: what training and evaluation take. */
export interface LabelledSet extends Omit<LabelledTokens<AnyGrid>, "tokens"> {
  tokens: AnyTokens;
}

/** What a set must fit: of a `TransferModel`, what decides which sets it takes. */
export interface SetTaker {
  readonly classes: number;
  readonly takesWeights: boolean;
}

/**
 * Looks at every number of a set once, before anything is computed with it.
 * @throws UserError naming the first item, counted from 0, whose features, label or given weights can't be right
 */
export function checkSet(model: SetTaker, set: LabelledSet): void {
  requireSet(set);
  const { tokens, labels, givenWeights } = set;
  checkTokens(tokens);
  if (tokens.count === 0)
    throw new UserError("There are no images to train on or to evaluate. Give at least one.");
  checkLabels(labels, tokens.count, model.classes);
  if (model.takesWeights) checkGivenWeights(givenWeights, tokens);
}

/** @throws UserError where there is no set, or one without tokens */
export function requireSet(set: LabelledSet | undefined): void {
  if (set?.tokens) return;
  throw new UserError(
    "A set of items is { tokens, labels }: features as `extractTokens` gives them, and a class for each.",
  );
}

function checkLabels(labels: ArrayLike<number>, count: number, classes: number): void {
  if (labels?.length !== count) {
    throw new UserError(`There are ${labels?.length ?? "no"} labels for ${count} images. Give one for each.`);
  }
  for (let item = 0; item < count; item++) {
    const label = labels[item]!;
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    throw new UserError(
      `The label of item ${item}, counted from 0, is ${shown(label)}. With ${classes} classes a label is a whole ` +
        `number in 0 … ${classes - 1}: mend it, or make a model of more classes.`,
    );
  }
}

/** @throws UserError unless there is a weight for every position, finite, not negative, and not all zero in an item */
export function checkGivenWeights(weights: Float32Array | undefined, tokens: AnyTokens): void {
  const { count } = tokens;
  const positions = positionsOf(tokens);
  if (weights?.length !== count * positions) {
    throw new UserError(
      `The pooling "given" takes ${count * positions} weights for these images, one for every position, and got ` +
        `${weights?.length ?? "none"}. Set \`givenWeights\`, or choose another pooling.`,
    );
  }
  for (let item = 0; item < count; item++) {
    const kept = isPadded(tokens) ? maskOfItem(tokens, item) : undefined;
    let sum = 0;
    for (let i = item * positions; i < (item + 1) * positions; i++) {
      if (kept && !kept[i % positions]) continue;
      const weight = weights[i]!;
      sum += weight;
      if (weight >= 0 && weight < Number.POSITIVE_INFINITY) continue;
      throw new UserError(
        `The given weights of item ${item}, counted from 0, hold ${shown(weight)} (position ${i % positions}). ` +
          "Weights are finite and not negative.",
      );
    }
    if (sum > 0) continue;
    throw new UserError(
      `The given weights of item ${item}, counted from 0, are all zero, so nothing of it would be pooled. ` +
        "Give one position a weight, or leave the item out.",
    );
  }
}
