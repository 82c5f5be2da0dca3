import type { CutPoint } from "../backbones/backbone";
import { firstNotFinite, requireWhole, shown } from "../runtime/checks";
import { UserError } from "../runtime/user-error";
import { type TokenSet, tokensPerItem } from "./tokens";

/** Features of labelled images: all that training and evaluation need of a dataset. */
export interface LabelledTokens {
  tokens: TokenSet;
  /** Class of each image, 0 … classes − 1. */
  labels: Int32Array;
  /** Weights for the pooling `given`, `[count, positions]`, not negative; each image's are scaled to sum to one. */
  givenWeights?: Float32Array;
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
export function checkSet(model: SetTaker, { tokens, labels, givenWeights }: LabelledTokens): void {
  checkTokens(tokens);
  if (tokens.count === 0)
    throw new UserError("There are no images to train on or to evaluate. Give at least one.");
  checkLabels(labels, tokens.count, model.classes);
  if (model.takesWeights) checkGivenWeights(givenWeights, tokens);
}

/** @throws UserError for sizes that the data don't have, or features that are not finite */
export function checkTokens(tokens: TokenSet): void {
  const { data, count, rows, columns, channels } = tokens;
  requireWhole("The `count` of tokens", count, 0);
  requireWhole("The `rows` of tokens", rows, 1);
  requireWhole("The `columns` of tokens", columns, 1);
  requireWhole("The `channels` of tokens", channels, 1);
  if (Object.prototype.toString.call(data) !== "[object Float32Array]")
    throw new UserError("The `data` of tokens must be a Float32Array. Make one with `Float32Array.from`.");
  const size = tokensPerItem(tokens);
  if (data.length !== count * size) {
    throw new UserError(
      `The \`data\` of tokens hold ${data.length} numbers, and ${count} items of ${rows} × ${columns} positions ` +
        `with ${channels} channels have ${count * size}. Give every item its own.`,
    );
  }
  refuseNotFinite(data, size, channels);
}

/**
 * @param data features, `[items, size]`
 * @param first the number of the first of these items
 * @throws UserError naming the first item with a feature that is NaN or infinite, and the place in it
 */
export function refuseNotFinite(data: Float32Array, size: number, channels: number, first = 0): void {
  const wrong = firstNotFinite(data);
  if (wrong < 0) return;
  const [item, position, channel] = [wrong / size, (wrong % size) / channels, wrong % channels].map(
    Math.floor,
  );
  throw new UserError(
    `Item ${first + item!}, counted from 0, has ${data[wrong]} among its features (position ${position}, ` +
      `channel ${channel}). Leave the item out, or mend what its features are made from.`,
  );
}

/** @throws UserError unless training and validation come from one place of one backbone */
export function checkSameGrid(training: TokenSet, validation: TokenSet): void {
  const [first, second] = [training, validation].map(describeGrid);
  if (first === second) return;
  throw new UserError(
    `The tokens to train on have ${first}, those to validate on ${second}. Extract both at the same cut point.`,
  );
}

/**
 * @param name what a message calls the tokens
 * @throws UserError unless tokens have the grid of a cut point
 */
export function checkCut(tokens: TokenSet, cut: CutPoint, name: string): void {
  if (describeGrid(tokens) === describeGrid(cut)) return;
  throw new UserError(
    `The ${name} tokens have ${describeGrid(tokens)}, and the cut point "${cut.name}" has ${describeGrid(cut)}. ` +
      "Extract them there, or take the regime of their own cut point.",
  );
}

/** Its grid and channels in words. */
export function describeGrid({ rows, columns, channels }: Omit<TokenSet, "data" | "count">): string {
  return `${rows} × ${columns} positions of ${channels} channels`;
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

function checkGivenWeights(weights: Float32Array | undefined, { count, rows, columns }: TokenSet): void {
  const positions = rows * columns;
  if (weights?.length !== count * positions) {
    throw new UserError(
      `The pooling "given" takes ${count * positions} weights for these images, one for every position, and got ` +
        `${weights?.length ?? "none"}. Set \`givenWeights\`, or choose another pooling.`,
    );
  }
  for (let item = 0; item < count; item++) {
    let sum = 0;
    for (let i = item * positions; i < (item + 1) * positions; i++) {
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
