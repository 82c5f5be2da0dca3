import type { AnyCutPoint } from "../backbones/backbone";
import { type AnyGrid, gridOf, positionsOf } from "../backbones/grid";
import { firstNotFinite, requireWhole } from "../runtime/checks";
import { UserError } from "../runtime/user-error";
import { type AnyTokens, isPadded, isStored, maskOfItem, type TokenSet, tokensPerItem } from "./tokens";

/** @throws UserError for sizes that the data don't have, padding that can't be right, or features that are not finite */
export function checkTokens(tokens: AnyTokens): void {
  const { count, channels } = tokens;
  requireWhole("The `count` of tokens", count, 0);
  if ("grid" in tokens) {
    if (!Array.isArray(tokens.grid) || tokens.grid.length === 0)
      throw new UserError("The `grid` of tokens must be a list of sizes, such as [time].");
    for (const size of gridOf(tokens)) requireWhole("A size in the `grid` of tokens", size, 1);
  } else {
    requireWhole("The `rows` of tokens", tokens.rows, 1);
    requireWhole("The `columns` of tokens", tokens.columns, 1);
  }
  requireWhole("The `channels` of tokens", channels, 1);
  if (isStored(tokens)) return;
  const { data } = tokens;
  if (Object.prototype.toString.call(data) !== "[object Float32Array]")
    throw new UserError("The `data` of tokens must be a Float32Array. Make one with `Float32Array.from`.");
  const size = tokensPerItem(tokens);
  if (data.length !== count * size) {
    throw new UserError(
      `The \`data\` of tokens hold ${data.length} numbers, and ${count} items of ${describeGrid(tokens, "with")} ` +
        `have ${count * size}. Give every item its own.`,
    );
  }
  if (isPadded(tokens)) {
    checkPadding(tokens);
    refuseNotFiniteBesidePadding(tokens);
  } else refuseNotFinite(data, size, channels);
}

/**
 * @param data features, `[items, size]`
 * @param first the number of the first of these items
 * @throws UserError naming the first item with a feature that is NaN or infinite, and the place in it
 */
export function refuseNotFinite(data: Float32Array, size: number, channels: number, first = 0): void {
  const wrong = firstNotFinite(data);
  if (wrong < 0) return;
  const [item, position] = [wrong / size, (wrong % size) / channels].map(Math.floor) as [number, number];
  throw notFinite(data[wrong]!, first + item, position, wrong % channels);
}

function notFinite(value: number, item: number, position: number, channel: number): UserError {
  return new UserError(
    `Item ${item}, counted from 0, has ${value} among its features (position ${position}, channel ${channel}). ` +
      "Leave the item out, or mend what its features are made from.",
  );
}

/** The same of a set in which some positions are padding, where anything may stand. */
function refuseNotFiniteBesidePadding(tokens: TokenSet<AnyGrid>): void {
  const { data, count, channels } = tokens;
  const positions = positionsOf(tokens);
  for (let item = 0; item < count; item++) {
    const kept = maskOfItem(tokens, item);
    for (let position = 0; position < positions; position++) {
      const start = (item * positions + position) * channels;
      const channel = kept[position] ? firstNotFinite(data.subarray(start, start + channels)) : -1;
      if (channel >= 0) throw notFinite(data[start + channel]!, item, position, channel);
    }
  }
}

function checkPadding(tokens: TokenSet<AnyGrid>): void {
  const { count, lengths, mask } = tokens;
  const positions = positionsOf(tokens);
  if (lengths && mask)
    throw new UserError("Tokens have `lengths` or a `mask`, not both. Give the one that says all.");
  if (lengths && lengths.length !== count)
    throw new UserError(`There are ${lengths.length} \`lengths\` for ${count} items. Give one for each.`);
  if (lengths)
    lengths.forEach((length, item) => {
      requireWhole(`The length of item ${item}, counted from 0,`, length, 1, gridOf(tokens)[0]!);
    });
  if (!mask) return;
  if (mask.length !== count * positions) {
    throw new UserError(
      `The \`mask\` of tokens has ${mask.length} values, and ${count} items of ${positions} positions have ` +
        `${count * positions}. Give each position its own.`,
    );
  }
  for (let item = 0; item < count; item++) {
    if (maskOfItem(tokens, item).some((kept) => kept !== 0)) continue;
    throw new UserError(
      `The mask of item ${item}, counted from 0, keeps no position, so nothing of it would be pooled. Leave the item out.`,
    );
  }
}

/** @throws UserError unless training and validation come from one place of one backbone; series may be longer in one. */
export function checkSameGrid(training: AnyTokens, validation: AnyTokens): void {
  const open = "grid" in training && "grid" in validation;
  const sizesOf = (tokens: AnyTokens) =>
    [...gridOf(tokens).slice(open ? 1 : 0), tokens.channels, gridOf(tokens).length].join();
  if (sizesOf(training) === sizesOf(validation)) return;
  throw new UserError(
    `The tokens to train on have ${describeGrid(training)}, those to validate on ${describeGrid(validation)}. ` +
      "Extract both at the same cut point.",
  );
}

/**
 * @param name what a message calls the tokens
 * @throws UserError unless tokens have the grid of a cut point
 */
export function checkCut(tokens: AnyTokens, cut: AnyCutPoint, name: string): void {
  const [actual, wanted] = [gridOf(tokens), "grid" in cut ? cut.grid : gridOf(cut)];
  const fits =
    wanted.length === actual.length && wanted.every((size, i) => size === null || size === actual[i]);
  if (fits && tokens.channels === cut.channels) return;
  throw new UserError(
    `The ${name} tokens have ${describeGrid(tokens)}, and the cut point "${cut.name}" has ${describeGrid(cut)}. ` +
      "Extract them there, or take the regime of their own cut point.",
  );
}

/** A grid and its channels in words; an axis of any size is a question mark. */
export function describeGrid(
  place: { channels: number } & (AnyGrid | { grid: readonly (number | null)[] }),
  joint: "of" | "with" = "of",
): string {
  const sizes = "grid" in place ? place.grid : gridOf(place);
  return `${sizes.map((size) => size ?? "?").join(" × ")} positions ${joint} ${place.channels} channels`;
}
