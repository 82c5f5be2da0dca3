import type * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import { requireWhole } from "./arguments";
import { requireTensors } from "./require-tensors";

/**
 * Deals the channels of every token to heads: head h gets the h-th run of `channels / heads` of them. What stands at a
 * masked position stays at its position.
 *
 * @param tokens `[batch, positions, channels]`
 * @param heads divides the channels
 * @returns `[batch, heads, positions, channels / heads]`
 * @throws UserError for tokens of another rank or number type, or heads that don't divide the channels
 */
export function splitHeads(tokens: tf.Tensor3D, heads: number): tf.Tensor4D {
  requireTensors("splitHeads", { tokens: [tokens, ["batch", "positions", "channels"]] });
  const [batch, positions, channels] = tokens.shape;
  requireHeads("splitHeads", channels, heads);
  return tokens.reshape([batch, positions, heads, channels / heads]).transpose([0, 2, 1, 3]);
}

/**
 * Puts the channels of all heads side by side again; it undoes `splitHeads`.
 *
 * @param tokens `[batch, heads, positions, channels]`
 * @returns `[batch, positions, heads · channels]`
 * @throws UserError for tokens of another rank or number type
 */
export function mergeHeads(tokens: tf.Tensor4D): tf.Tensor3D {
  requireTensors("mergeHeads", { "tokens of heads": [tokens, ["batch", "heads", "positions", "channels"]] });
  const [batch, heads, positions, channels] = tokens.shape;
  return tokens.transpose([0, 2, 1, 3]).reshape([batch, positions, heads * channels]);
}

/** @throws UserError, which begins with `where`, unless the heads are a whole number that divides the channels. */
export function requireHeads(where: string, channels: number, heads: number): void {
  requireWhole(where, "heads", heads, 1);
  if (channels % heads === 0) return;
  throw new UserError(
    `${where} can't deal ${channels} channels evenly to ${heads} heads. Choose a number of heads that divides the ` +
      "channels.",
  );
}
